package io.github.moshivis.snippets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.FakeDevice;
import io.github.moshivis.audio.FakeSound;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.programs.ToyDemo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each example on the bundled model. */
class SnippetsTest {
    private static final int FRAME = AudioSource.FRAME_SAMPLES;
    private static final double CLIP_AND_ANSWER_SECONDS = 8;

    @TempDir
    Path directory;

    private final ToyDemo demo = new ToyDemo();

    private static float[] samples(Path file) throws IOException {
        List<float[]> blocks = new ArrayList<>();
        try (AudioSource source = SoundFile.source(file)) {
            source.open();
            float[] block = new float[FRAME];
            for (int count = source.read(block, 0, FRAME); count >= 0; count = source.read(block, 0, FRAME)) {
                blocks.add(Arrays.copyOf(block, count));
            }
        }
        float[] all = new float[blocks.stream().mapToInt(block -> block.length).sum()];
        int end = 0;
        for (float[] block : blocks) {
            System.arraycopy(block, 0, all, end, block.length);
            end += block.length;
        }
        return all;
    }

    private static double energy(float[] samples) {
        double sum = 0;
        for (float sample : samples) {
            sum += sample * sample;
        }
        return sum;
    }

    private static void assertIsAnswer(Path file) throws IOException {
        float[] answer = samples(file);
        assertThat(answer.length / (double) AudioSource.SAMPLE_RATE)
                .isBetween(CLIP_AND_ANSWER_SECONDS - 1, CLIP_AND_ANSWER_SECONDS + 1);
        assertThat(energy(answer)).isPositive();
    }

    @Test
    void fileToFile() throws IOException {
        Path answer = directory.resolve("answer.wav");
        ByteArrayOutputStream words = new ByteArrayOutputStream();

        try (MoshiVis model = MoshiVis.load(demo.model())) {
            FileToFile.run(
                    model, demo.picture(), demo.clip(), answer, new PrintStream(words, true, StandardCharsets.UTF_8));
        }

        assertIsAnswer(answer);
        assertThat(words.toString(StandardCharsets.UTF_8)).isNotBlank();
    }

    @Test
    void microphoneToSpeaker() {
        try (FakeSound sound = new FakeSound(1)) {
            FakeDevice microphone = sound.microphone("Built-in", time -> 0.3 * Math.sin(2 * Math.PI * 200 * time), 1.5);
            FakeDevice speaker = sound.speaker("Loud");

            String[] args = {demo.model().toString(), demo.picture().toString()};
            assertThatThrownBy(() -> MicrophoneToSpeaker.main(args))
                    .as("the microphone is unplugged")
                    .isInstanceOf(ConversationException.class)
                    .hasCauseInstanceOf(MediaException.class);

            assertThat(microphone.isOpen()).isFalse();
            assertThat(speaker.isOpen()).isFalse();
            assertThat(energy(speaker.played())).isPositive();
        }
    }

    @Test
    void stepByStep() throws IOException {
        float[] clip = samples(demo.clip());
        List<float[]> played = new ArrayList<>();

        try (MoshiVis model = MoshiVis.load(demo.model())) {
            assertThat(StepByStep.run(model, clip, played::add)).isNotBlank();
        }

        assertThat(played).as("the first frame brings no output").hasSize(clip.length / FRAME - 1);
        assertThat(played).allMatch(frame -> frame.length == FRAME).anyMatch(frame -> energy(frame) > 0);
    }

    @Test
    void telephone() throws Exception {
        byte[] silence = new byte[Telephone.PACKET];
        Arrays.fill(silence, (byte) 0xff); // zero in mu-law
        try (MoshiVis model = MoshiVis.load(demo.model());
                Telephone telephone = new Telephone(model)) {
            boolean heard = false;
            for (long end = System.nanoTime() + 60_000_000_000L; !heard && System.nanoTime() < end; ) {
                telephone.receive(silence);
                Thread.sleep(20);
                byte[] packet = telephone.send();
                assertThat(packet).hasSize(Telephone.PACKET);
                heard = !Arrays.equals(packet, silence);
            }
            assertThat(heard).as("the model speaks").isTrue();
        }
    }

    @Test
    void changePicture() throws Exception {
        Path answer = directory.resolve("answer.wav");

        try (MoshiVis model = MoshiVis.load(demo.model())) {
            AudioSource question = SoundFile.source(demo.clip()).thenSilence(Duration.ofDays(1)); // ends by stop()
            ChangePicture.run(model, question, SoundFile.sink(answer), demo.picture(), Duration.ofMillis(100));
        }

        assertThat(energy(samples(answer))).isPositive();
    }

    @Test
    void manyConversations() throws IOException {
        List<Path> questions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            questions.add(Files.copy(demo.clip(), directory.resolve("question-" + i + ".wav")));
        }
        Path answers = Files.createDirectory(directory.resolve("answers"));

        ManyConversations.run(demo.model(), questions, answers);

        for (Path question : questions) {
            assertIsAnswer(answers.resolve(question.getFileName()));
        }
    }
}

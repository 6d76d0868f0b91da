package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.audio.FakeDevice;
import io.github.moshivis.audio.FakeSound;
import io.github.moshivis.audio.LevelMeter;
import io.github.moshivis.audio.OggOpus;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.load.BundledModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code run} on the bundled nano model: its answers are right, whatever the form of the question and of the weights. */
class RunNanoTest {
    @TempDir
    Path directory;

    private final BundledModel nano = BundledModel.nano();
    private final FakeSound sound = new FakeSound(1);

    @AfterEach
    void unplugAll() {
        sound.close();
    }

    @Test
    void withoutOptionsItHoldsATalkInRealTimeThatIsHeardAndRecorded() {
        FakeDevice speaker = sound.speaker("Loud");
        long start = System.nanoTime();

        Cli.Outcome outcome = Cli.run("run", "--seed", 1, "--out", directory.resolve("answer.wav"));

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out().lines())
                .containsSubsequence(
                        "Model:    nano",
                        "Picture:  a blue square and a yellow star",
                        "Question: What do you see?",
                        "Answer:   I see a blue square and a yellow star.");
        assertThat(System.nanoTime() - start).as("7.4 s of sound").isGreaterThan(7_000_000_000L);
        assertThat(speaker.played()).as("7 s of 48 kHz").hasSizeGreaterThan(7 * 48_000);
        assertThat(directory.resolve("answer.wav")).isNotEmptyFile();
        assertThat(directory.resolve("moshivis-talk.wav")).isNotEmptyFile();
    }

    @Test
    void theBundledPicturesAndQuestionsAreListedAndTaken() {
        Cli.Outcome list = Cli.run("run", "--list");
        assertThat(list.out().lines())
                .hasSize(2 + 6 + 11)
                .contains("  a purple cross, a red circle and a blue heart", "  Is there a red circle?");

        assertThat(answer("--question", "how many shapes are there", "--picture", "A red heart"))
                .isEqualTo("There is one shape.");
        assertThat(answer("--question", "Is there a red circle?", "--no-image")).isEqualTo("I do not see a picture.");
        assertThat(answer("--question", "Who are you?")).isEqualTo("I am nano Moshi.");
    }

    @Test
    void anUnknownQuestionOrPictureIsRefusedWithAllThereAre() {
        Cli.Outcome question = Cli.run("run", "--question", "What time is it?");
        assertThat(question.exitCode()).isEqualTo(2);
        assertThat(question.err()).contains("What time is it?", "What do you see?", "Thank you.");
        Cli.Outcome picture = Cli.run("run", "--picture", "a dog");
        assertThat(picture.exitCode()).isEqualTo(2);
        assertThat(picture.err()).contains("a dog", "a red heart");
        assertThat(Cli.run("run", "--question", "Hello there.", "--in", "a.wav").err())
                .contains("mutually exclusive");
        assertThat(Cli.run("run", "--toy", "--model", "x").err()).contains("--toy", "--model", "one of them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--precision f32", "--precision bf16", "--quantize q8", "--quantize q4"})
    void everyFormOfTheWeightsAnswers(String form) {
        int right = 0;
        for (BundledModel.Picture picture : nano.pictures()) {
            String found = answer(("--question Describe_the_picture. " + form + " --picture "
                            + picture.title().replace(' ', '_'))
                    .split(" "));
            right += found.equals(nano.questions().get(1).answer(picture).orElseThrow()) ? 1 : 0;
        }
        assertThat(right).as("of 6").isGreaterThanOrEqualTo(5);
    }

    @Test
    void aQuestionInOpusIsAnsweredInOpusWhereTheFilesNamesSaySo() throws IOException {
        Path question = directory.resolve("question.opus");
        Path spoken = directory.resolve("answer.ogg");
        copy(WavFile.source(nano.question("What do you see?").file()), OggOpus.sink(question));

        assertThat(answer(
                        "--in",
                        question.toString(),
                        "--tail",
                        "6",
                        "--picture",
                        "a_red_heart",
                        "--out",
                        spoken.toString()))
                .isEqualTo("I see a red heart.");

        assertThat(Files.readAllBytes(spoken)).startsWith('O', 'g', 'g', 'S');
        List<LevelMeter.Level> levels = new ArrayList<>();
        copy(SoundFile.source(spoken), new LevelMeter(levels::add).sink(WavFile.sink(directory.resolve("answer.wav"))));
        assertThat(levels.subList(0, 17)).as("during the question of 1.4 s").allMatch(level -> level.rms() < -45);
        assertThat(levels.subList(22, 45)).as("then").anyMatch(level -> level.rms() > -30);
    }

    private static void copy(AudioSource from, AudioSink to) throws IOException {
        try (from;
                to) {
            from.open();
            to.open();
            float[] samples = new float[AudioSource.FRAME_SAMPLES];
            for (int count = 0; count >= 0; count = from.read(samples, 0, samples.length)) {
                to.write(samples, 0, count);
            }
        }
    }

    /** The last line that is said, without waiting in real time; an underscore stands for a space. */
    private String answer(String... options) {
        List<Object> command = new ArrayList<>(List.of("run", "--no-play", "--seed", 1));
        Stream.of(options).map(option -> option.replace('_', ' ')).forEach(command::add);
        if (!command.contains("--out")) {
            command.addAll(List.of("--out", directory.resolve("answer.wav")));
        }
        Cli.Outcome outcome = Cli.run(command.toArray());
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        return outcome.out().strip();
    }
}

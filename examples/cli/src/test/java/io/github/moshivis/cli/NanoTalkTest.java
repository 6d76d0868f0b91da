package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Reply;
import io.github.moshivis.Session;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.audio.Resampled;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.client.VoiceFormat;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.BundledModel;
import io.github.moshivis.load.BundledModel.Picture;
import io.github.moshivis.load.BundledModel.Question;
import io.github.moshivis.load.LoadOptions;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Talks with the nano model through the API: answers are right, about the picture that is shown, to the caller who asked. */
class NanoTalkTest {
    private static final BundledModel NANO = BundledModel.nano();
    private static final String WITHOUT_PICTURE = "I do not see a picture.";

    /** Steps of 80 ms in which the longest answer is over. */
    private static final int ANSWER_STEPS = 55;

    private static MoshiVis model;

    @BeforeAll
    static void load() {
        model = MoshiVis.nano(LoadOptions.defaults().maxConversations(6));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** A conversation in which one question follows the other. */
    private record Talk(Session session) implements AutoCloseable {
        static Talk about(Picture picture, SessionOptions options) throws IOException {
            return new Talk(options.image(Image.read(picture.file())).open());
        }

        /** Asks, waits some steps from the question's start on, and returns everything that was said meanwhile. */
        String ask(float[] question, int steps) {
            StringBuilder answer = new StringBuilder();
            for (int step = 0; step < steps; step++) {
                int from = step * AudioSource.FRAME_SAMPLES;
                Reply reply = session.step(
                        from < question.length
                                ? Arrays.copyOfRange(question, from, from + AudioSource.FRAME_SAMPLES)
                                : new float[AudioSource.FRAME_SAMPLES]);
                reply.output().ifPresent(output -> answer.append(output.text().text()));
            }
            return answer.toString().strip();
        }

        String ask(String question) throws IOException {
            float[] sound = read(WavFile.source(NANO.question(question).file()));
            return ask(sound, sound.length / AudioSource.FRAME_SAMPLES + ANSWER_STEPS);
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private static float[] read(AudioSource source) throws IOException {
        float[] samples = new float[1 << 20];
        int length = 0;
        try (source) {
            source.open();
            for (int count = 0; count >= 0; count = source.read(samples, length, samples.length - length)) {
                length += count;
            }
        }
        return Arrays.copyOf(samples, length);
    }

    private static String right(String question, Picture picture) {
        return NANO.question(question).answer(picture).orElseThrow();
    }

    @Test
    void answersFollowThePictureThatIsChangedTakenAwayAndGivenBackInMidTalk() throws IOException {
        Picture first = NANO.picture("a blue square and a yellow star");
        Picture second = NANO.picture("a purple cross, a red circle and a blue heart");
        try (Talk talk = Talk.about(first, model.session().greedy())) {
            assertThat(talk.ask("What do you see?")).isEqualTo(right("What do you see?", first));
            talk.session().image(Image.read(second.file()));
            assertThat(talk.ask("What is on the left?")).isEqualTo(right("What is on the left?", second));
            talk.session().clearImage();
            assertThat(talk.ask("What do you see?")).isEqualTo(WITHOUT_PICTURE);
            talk.session().image(Image.read(first.file()));
            assertThat(talk.ask("What is yellow?")).isEqualTo(right("What is yellow?", first));
        }
    }

    @Test
    void sixAtOnceAreToldWhatIsInTheirOwnPictures() throws IOException {
        List<String> answers;
        ExecutorService threads = Executors.newFixedThreadPool(NANO.pictures().size());
        try {
            answers = NANO.pictures().stream()
                    .map(picture -> CompletableFuture.supplyAsync(
                            () -> {
                                try (Talk talk =
                                        Talk.about(picture, model.session().greedy())) {
                                    return talk.ask("What do you see?");
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            },
                            threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        } finally {
            threads.shutdownNow();
        }
        assertThat(answers)
                .isEqualTo(NANO.pictures().stream()
                        .map(picture -> right("What do you see?", picture))
                        .toList());
    }

    @Test
    void aQuestionThatCameByAnotherFormatIsUnderstood() throws IOException {
        Picture picture = NANO.picture("a purple cross, a red circle and a blue heart");
        float[] question =
                read(WavFile.source(NANO.question("What is on the left?").file()));
        Map<String, float[]> formats = Map.of(
                "48 kHz stereo", through(48_000, 2, question),
                "8 kHz", through(8_000, 1, question),
                "the client's Opus", throughOpus(question));
        formats.forEach((format, heard) -> {
            try (Talk talk = Talk.about(picture, model.session().greedy())) {
                assertThat(talk.ask(heard, heard.length / AudioSource.FRAME_SAMPLES + ANSWER_STEPS))
                        .as(format)
                        .isEqualTo(right("What is on the left?", picture));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static float[] throughOpus(float[] samples) {
        try (VoiceFormat.Encoder encoder = VoiceFormat.OPUS.encoder();
                VoiceFormat.Decoder decoder = VoiceFormat.OPUS.decoder()) {
            return joined(List.of(decoder.decode(encoder.encode(samples)), decoder.decode(encoder.end())));
        }
    }

    private static float[] joined(List<float[]> parts) {
        float[] all = new float[parts.stream().mapToInt(each -> each.length).sum()];
        int length = 0;
        for (float[] each : parts) {
            System.arraycopy(each, 0, all, length, each.length);
            length += each.length;
        }
        return all;
    }

    /** Converts sound to another format and back. */
    private static float[] through(int rate, int channels, float[] samples) throws IOException {
        List<float[]> converted = new ArrayList<>();
        try (AudioSink sink = Resampled.to(rate, channels, new AudioSink() {
            @Override
            public void write(float[] some, int offset, int length) {
                converted.add(Arrays.copyOfRange(some, offset, offset + length));
            }

            @Override
            public void close() {}
        })) {
            sink.open();
            sink.write(samples, 0, samples.length);
        }
        float[] all = joined(converted);
        int[] position = {0};
        return read(Resampled.from(rate, channels, new AudioSource() {
            @Override
            public int read(float[] buffer, int offset, int most) {
                int count = Math.min(most, all.length - position[0]);
                System.arraycopy(all, position[0], buffer, offset, count);
                position[0] += count;
                return count == 0 ? -1 : count;
            }

            @Override
            public void close() {}
        }));
    }

    /** 30 minutes, a question each ten seconds, another picture each minute, at default sampling. */
    @Test
    @Tag("stress")
    void rightAnswersDoNotDeclineInALongTalk() throws IOException {
        int questions = 180;
        int third = questions / 3;
        int steps =
                (int) (Duration.ofSeconds(10).toMillis() * AudioSource.SAMPLE_RATE / 1000 / AudioSource.FRAME_SAMPLES);
        Random random = new Random(1);
        int[] right = new int[3];
        List<String> wrong = new ArrayList<>();
        Picture picture = NANO.pictures().get(0);
        try (Talk talk = Talk.about(picture, model.session().seed(1))) {
            for (int i = 0; i < questions; i++) {
                if (i > 0 && i % 6 == 0) {
                    picture = NANO.pictures().get(i / 6 % NANO.pictures().size());
                    talk.session().image(Image.read(picture.file()));
                }
                Picture shown = picture;
                List<Question> clear = NANO.questions().stream()
                        .filter(each -> each.answer(shown).isPresent())
                        .toList();
                Question asked = clear.get(random.nextInt(clear.size()));
                String want = asked.answer(shown).orElseThrow();
                String answer = talk.ask(read(WavFile.source(asked.file())), steps);
                if (answer.equals(want)) {
                    right[i / third]++;
                } else {
                    wrong.add(i + ": " + asked.text() + " " + want + " " + answer);
                }
            }
        }
        System.getLogger(NanoTalkTest.class.getName())
                .log(Level.INFO, "right by third, of {0}: {1}; wrong: {2}", third, Arrays.toString(right), wrong);
        assertThat(right[2]).as("in the last ten minutes: " + wrong).isGreaterThanOrEqualTo(third * 9 / 10);
        assertThat(right[2]).as("against the first ten").isGreaterThanOrEqualTo(right[0] - third / 20);
    }
}

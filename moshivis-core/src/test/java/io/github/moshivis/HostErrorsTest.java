package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors and broken contracts of the host's code: told once, and everything is released. */
@Timeout(60)
class HostErrorsTest {
    private static final int FRAMES = 400;

    private MoshiVis model;

    @BeforeEach
    void load() {
        model = new FakeModel(1).model;
    }

    @AfterEach
    void theSlotIsFree() {
        model.session().open().close();
        model.close();
    }

    /** Silence of some frames, from which a test deviates. */
    private static class Voice implements AudioSource {
        private int left = FRAMES * FRAME_SAMPLES;

        @Override
        public int read(float[] buffer, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            int count = Math.min(left, length);
            left -= count;
            return count;
        }

        @Override
        public void close() {}
    }

    private static class Ear implements AudioSink {
        private final AtomicInteger frames = new AtomicInteger();

        @Override
        public void write(float[] samples, int offset, int length) {
            frames.incrementAndGet();
        }

        @Override
        public void close() {}
    }

    @Test
    void anErrorOfAListenerDoesNotSilenceTheTalk() {
        Ear ear = new Ear();
        model.session()
                .onReply(reply -> {
                    throw new AssertionError("listener");
                })
                .run(new Voice(), ear);

        assertThat(ear.frames).hasValue(FRAMES - 1);
    }

    @Test
    void anErrorOfASourceEndsTheTalkWithItsReason() {
        AudioSource source = new Voice() {
            @Override
            public int read(float[] buffer, int offset, int length) {
                throw new AssertionError("source");
            }
        };

        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> model.session().run(source, new Ear()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EndReason.SOURCE_FAILED))
                .withCauseInstanceOf(AssertionError.class);
    }

    @Test
    void anErrorOfASinkEndsTheTalkWithItsReason() {
        AudioSink sink = new Ear() {
            @Override
            public void write(float[] samples, int offset, int length) {
                throw new AssertionError("sink");
            }

            @Override
            public void close() {
                throw new AssertionError("close");
            }
        };

        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> model.session().run(new Voice(), sink))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EndReason.SINK_FAILED))
                .withCauseInstanceOf(AssertionError.class);
    }

    /** Throws whatever it is asked, as a proxy whose context is gone does. */
    private static final class Mute extends Error {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("the message of an error");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("the text of an error");
        }
    }

    static Stream<Throwable> unusual() {
        return Stream.of(
                new Mute(), new InterruptedException("hidden"), new Exception("hidden"), new Throwable("hidden"));
    }

    /** Throws it, although the compiler was told otherwise. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void hidden(Throwable failure) throws T {
        throw (T) failure;
    }

    @ParameterizedTest
    @MethodSource("unusual")
    void anUnusualFailureOfEachCallIsToldAndGivesTheSlotBack(Throwable failure) {
        AudioSource reading = new Voice() {
            @Override
            public int read(float[] buffer, int offset, int length) {
                HostErrorsTest.<RuntimeException>hidden(failure);
                return 0;
            }
        };
        assertThatThrownBy(() -> model.session().run(reading, new Ear()))
                .isInstanceOfSatisfying(
                        ConversationException.class, e -> assertThat(e.reason()).isEqualTo(EndReason.SOURCE_FAILED))
                .cause()
                .isSameAs(failure);
        AudioSource opening = new Voice() {
            @Override
            public void open() {
                HostErrorsTest.<RuntimeException>hidden(failure);
            }

            @Override
            public void close() {
                HostErrorsTest.<RuntimeException>hidden(failure);
            }
        };
        assertThat(catchThrowable(() -> model.session().run(opening, new Ear())))
                .isNotNull();
        AudioSource asked = new Voice() {
            @Override
            public boolean isLive() {
                HostErrorsTest.<RuntimeException>hidden(failure);
                return false;
            }
        };
        assertThat(catchThrowable(() -> model.session().run(asked, new Ear()))).isSameAs(failure);
        AudioSink closing = new Ear() {
            @Override
            public void close() {
                HostErrorsTest.<RuntimeException>hidden(failure);
            }
        };
        assertThat(catchThrowable(() -> model.session().run(new Voice(), closing)))
                .isInstanceOf(ConversationException.class);
        Ear ear = new Ear();
        model.session()
                .onReply(reply -> HostErrorsTest.<RuntimeException>hidden(failure))
                .run(new Voice(), ear);
        assertThat(ear.frames).hasValue(FRAMES - 1);
    }

    @Test
    void interruptsThatTheHostLeavesDoNotShortenTheTalk() {
        AudioSource source = new Voice() {
            @Override
            public int read(float[] buffer, int offset, int length) {
                Thread.currentThread().interrupt();
                return super.read(buffer, offset, length);
            }
        };
        Ear ear = new Ear() {
            @Override
            public void write(float[] samples, int offset, int length) {
                super.write(samples, offset, length);
                Thread.currentThread().interrupt();
            }

            @Override
            public void close() {
                Thread.currentThread().interrupt();
            }
        };
        AtomicInteger replies = new AtomicInteger();

        model.session()
                .onReply(reply -> {
                    replies.incrementAndGet();
                    Thread.currentThread().interrupt();
                })
                .run(source, ear);

        assertThat(ear.frames).hasValue(FRAMES - 1);
        assertThat(replies).hasValue(FRAMES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sourceAndSinkMayEndTheTalkWhenTheyAreClosed(boolean stop) {
        CompletableFuture<Conversation> started = new CompletableFuture<>();
        AtomicInteger closes = new AtomicInteger();
        Runnable end = () -> {
            closes.incrementAndGet();
            if (stop) {
                started.join().stop();
            } else {
                started.join().close();
            }
        };
        AudioSource source = new Voice() {
            @Override
            public int read(float[] buffer, int offset, int length) {
                return closes.get() == 0 ? length : -1;
            }

            @Override
            public void close() {
                end.run();
            }
        };
        AudioSink sink = new Ear() {
            @Override
            public void close() {
                end.run();
            }
        };

        try (Conversation conversation = model.session().start(source, sink)) {
            started.complete(conversation);
            end.run();
            conversation.join();
        }

        assertThat(closes.get()).isLessThan(10); // two by the caller, two by the talk's threads and one by this test
    }

    @Test
    void silenceOfAgesMayFollowASource() throws Exception {
        AudioSource source = new Voice().thenSilence(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(source.read(new float[10], 0, 10)).isEqualTo(10);
    }

    @Test
    void aSourceWithoutATextIsHeard() {
        AudioSource source = new Voice() {
            @Override
            public String toString() {
                throw new AssertionError("text");
            }
        };
        Ear ear = new Ear();

        model.session().run(source, ear);

        assertThat(ear.frames).hasValue(FRAMES - 1);
    }

    @Test
    void anErrorWhileOpeningGivesTheSlotBack() {
        AudioSource source = new Voice() {
            @Override
            public void open() {
                throw new AssertionError("open");
            }
        };

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> model.session().run(source, new Ear()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, Integer.MIN_VALUE, 100_000})
    void aSourceThatBreaksItsContractIsNamed(int returned) {
        AudioSource source = new Voice() {
            @Override
            public int read(float[] buffer, int offset, int length) {
                return returned;
            }

            @Override
            public String toString() {
                return "Voice[broken]";
            }
        };

        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> model.session().run(source, new Ear()))
                .withMessageContainingAll("Voice[broken]", "expected", "Correct the source's read")
                .withCauseInstanceOf(MediaException.class);
    }

    private static AudioSource reading(Path file) {
        return new Voice() {
            @Override
            public Optional<Path> file() {
                return Optional.of(file);
            }
        };
    }

    private static AudioSink writing(Path file) {
        return new Ear() {
            @Override
            public void open() {
                throw new AssertionError("opened: the file would be empty now");
            }

            @Override
            public Optional<Path> file() {
                return Optional.of(file);
            }
        };
    }

    @Test
    void oneFileIsNotReadAndWrittenInOneTalk(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("talk.wav"), "sound");
        Path link = Files.createSymbolicLink(directory.resolve("link.wav"), file);
        Path same = directory.resolve("../" + directory.getFileName() + "/talk.wav");
        SessionOptions recorded = model.session().record(file);

        for (Executable talk : List.<Executable>of(
                () -> model.session().run(reading(file), writing(link)),
                () -> model.session().run(reading(same).thenSilence(Duration.ofSeconds(1)), writing(file)),
                () -> recorded.run(reading(link), new Ear()),
                () -> recorded.run(new Voice(), writing(same)),
                () -> recorded.run(new Voice(), writing(directory.resolve("talk.json"))))) {
            assertThatExceptionOfType(MediaException.class)
                    .isThrownBy(talk::execute)
                    .withMessageContainingAll("one file twice", "talk", "Choose another name");
        }
        assertThat(file).hasContent("sound");
        assertThat(directory.resolve("talk.json")).doesNotExist();
    }

    @Test
    void aModelIsNotWrittenOver() {
        Path weights = model.files().get(0);

        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> model.session().run(new Voice(), writing(weights)))
                .withMessageContainingAll("the model is read from", weights.toString(), "Choose another name");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 12_345, -1e30f})
    void whatIsNoSoundIsRefusedByName(float sample) {
        AudioSource source = new Voice() {
            @Override
            public int read(float[] buffer, int offset, int length) {
                buffer[offset] = sample;
                return length;
            }
        };
        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> model.session().run(source, new Ear()))
                .withMessageContainingAll("sample 0", "found " + sample, "[-1, 1]", "32768");

        float[] frame = new float[Session.FRAME_SAMPLES];
        frame[7] = sample;
        try (Session session = model.session().open()) {
            session.step(new float[Session.FRAME_SAMPLES]);
            assertThatExceptionOfType(MediaException.class)
                    .isThrownBy(() -> session.step(frame))
                    .withMessageContaining("sample " + (Session.FRAME_SAMPLES + 7));
            session.step(new float[Session.FRAME_SAMPLES]); // the talk goes on
        }
    }
}

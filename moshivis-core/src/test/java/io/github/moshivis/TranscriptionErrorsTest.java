package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.transcript.Transcript;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Errors and broken contracts of a transcription's host: told once, and the slot is free. */
@Timeout(60)
class TranscriptionErrorsTest {
    private static final int SAMPLES = 40 * AudioSource.FRAME_SAMPLES;

    private final FakeSpeechToText stt = new FakeSpeechToText(1);

    @AfterEach
    void theSlotIsFree() {
        stt.model
                .transcription()
                .start(new Talking.Samples(AudioSource.FRAME_SAMPLES))
                .join();
        stt.close();
    }

    @Test
    void anErrorWhileOpeningGivesTheSlotBack() {
        AudioSource source = new Talking.Samples(SAMPLES) {
            @Override
            public void open() {
                throw new AssertionError("open");
            }
        };

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> stt.model.transcription().start(source));
    }

    @Test
    void anErrorOfASourceEndsTheTranscriptionWithItsReason() {
        AudioSource source = new Talking.Samples(SAMPLES) {
            @Override
            public int read(float[] buffer, int offset, int length) {
                throw new AssertionError("read");
            }

            @Override
            public void close() {
                throw new AssertionError("close");
            }
        };

        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> stt.model.transcription().run(source))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EndReason.SOURCE_FAILED))
                .withCauseInstanceOf(AssertionError.class);
    }

    @Test
    void anInterruptThatASourceHidesEndsTheTranscriptionWithItsReason() {
        AudioSource source = new Talking.Samples(SAMPLES) {
            @Override
            public int read(float[] buffer, int offset, int length) {
                return TranscriptionErrorsTest.<RuntimeException>hidden(new InterruptedException("hidden"));
            }

            @Override
            public String toString() {
                throw new AssertionError("text");
            }
        };

        assertThatExceptionOfType(ConversationException.class)
                .isThrownBy(() -> stt.model.transcription().start(source).join())
                .satisfies(e -> assertThat(e.reason()).isEqualTo(EndReason.SOURCE_FAILED))
                .withCauseInstanceOf(InterruptedException.class);
    }

    /** Throws it, although the compiler was told otherwise. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> int hidden(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void anInterruptThatAListenerLeavesDoesNotShortenTheTranscription() {
        Transcript transcript = stt.model
                .transcription()
                .onPause(pause -> Thread.currentThread().interrupt())
                .onWord(word -> Thread.currentThread().interrupt())
                .run(new Talking.Samples(SAMPLES));

        assertThat(transcript.duration()).isEqualTo(40 * 0.08);
    }

    @Test
    void aSourceMayEndTheTranscriptionWhenItIsClosed() {
        CompletableFuture<Transcription> started = new CompletableFuture<>();
        AtomicInteger closes = new AtomicInteger();
        AudioSource source = new Talking.Samples(SAMPLES) {
            @Override
            public void close() {
                closes.incrementAndGet();
                started.join().close();
            }
        };

        try (Transcription transcription = stt.model.transcription().start(source)) {
            started.complete(transcription);
        }

        assertThat(closes.get()).isBetween(1, 10);
    }

    @Test
    void anErrorOfASourcesEndIsNoFailure() {
        AudioSource source = new Talking.Samples(SAMPLES) {
            @Override
            public void close() {
                throw new AssertionError("close");
            }
        };

        assertThat(stt.model.transcription().run(source).duration()).isEqualTo(40 * 0.08);
    }

    @Test
    void aSourceCannotWaitForTheEndOfItsOwnTranscription() {
        AtomicReference<Transcription> running = new AtomicReference<>();
        CompletableFuture<Void> started = new CompletableFuture<>();
        AudioSource source = new Talking.Samples(SAMPLES) {
            @Override
            public int read(float[] buffer, int offset, int length) throws IOException {
                started.join();
                running.get().await(Duration.ofDays(1));
                return super.read(buffer, offset, length);
            }
        };

        try (Transcription transcription = stt.model.transcription().start(source)) {
            running.set(transcription);
            started.complete(null);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(transcription::join)
                    .withMessageContaining("would wait for itself");
        }
    }

    @Test
    void aWordsListenerCannotWaitForTheEndOfTheConversation() throws Exception {
        FakeModel fake = new FakeModel(1);
        try (MoshiVis model = fake.with(stt.model)) {
            AtomicReference<Conversation> running = new AtomicReference<>();
            CompletableFuture<Void> started = new CompletableFuture<>();
            CompletableFuture<Throwable> refused = new CompletableFuture<>();
            SessionOptions options = model.session()
                    .transcribe(user -> user.onWord(word -> {
                        started.join();
                        try {
                            running.get().join();
                            refused.complete(null);
                        } catch (Throwable e) {
                            refused.complete(e);
                        }
                    }));
            try (Conversation conversation = options.start(new Talking.Samples(SAMPLES), new Talking.Collector())) {
                running.set(conversation);
                started.complete(null);
                assertThat(refused.get(30, TimeUnit.SECONDS))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("would wait for itself");
                conversation.join();
            }
        }
        fake.model.close();
    }
}

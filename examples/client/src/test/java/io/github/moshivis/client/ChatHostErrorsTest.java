package io.github.moshivis.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Broken contracts of a client's host: named, and everything is closed. */
@Timeout(60)
class ChatHostErrorsTest {
    private final Voices.Source source = new Voices.Source(Voices.ramp(Duration.ofSeconds(20)));
    private final Voices.Sink sink = new Voices.Sink();

    private void assertSourceFails(Voices.Source broken, String... words) throws Exception {
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new);
                ChatClient chat = ChatClient.to(server.address())
                        .format(VoiceFormat.PCM)
                        .unpaced()
                        .start(broken, sink)) {
            assertThatThrownBy(chat::join)
                    .isInstanceOfSatisfying(ConversationException.class, e -> assertThat(e.reason())
                            .isEqualTo(EndReason.SOURCE_FAILED))
                    .hasMessageContainingAll(words);
        }
        assertThat(broken.closed).isTrue();
        assertThat(sink.closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, Integer.MIN_VALUE, 100_000})
    void aSourceThatBreaksItsContractIsNamed(int returned) throws Exception {
        Voices.Source broken = new Voices.Source(new float[1]) {
            @Override
            public int read(float[] buffer, int offset, int length) {
                return returned;
            }

            @Override
            public String toString() {
                return "Voice[broken]";
            }
        };
        assertSourceFails(broken, "Voice[broken]", "Correct the source's read");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY, 32767})
    void whatIsNoSoundIsRefusedByName(float sample) throws Exception {
        float[] pcm = Voices.ramp(Duration.ofSeconds(1));
        pcm[5000] = sample;
        assertSourceFails(new Voices.Source(pcm), "sample 5000", String.valueOf(sample));
    }

    @Test
    void anInterruptThatAListenerLeavesDoesNotEndTheConversation() throws Exception {
        StringBuffer heard = new StringBuffer();
        ChatListener listener = new ChatListener() {
            @Override
            public void onText(String text, OptionalInt level) {
                heard.append(text);
                Thread.currentThread().interrupt();
            }
        };
        FakePeer peer = new FakePeer() {
            @Override
            protected void opened() {
                send("00");
                send("026869");
                send("026a6b");
                close(1000, "");
            }
        };
        try (FakeServer server = FakeServer.playing(() -> peer);
                ChatClient chat = ChatClient.to(server.address())
                        .format(VoiceFormat.PCM)
                        .listener(listener)
                        .start(source, sink)) {
            chat.join();
        }
        assertThat(heard).hasToString("hijk");
    }

    @Test
    void aSourceAndASinkMayEndTheConversationWhenTheyAreClosed() throws Exception {
        CompletableFuture<ChatClient> started = new CompletableFuture<>();
        AtomicInteger closes = new AtomicInteger();
        Voices.Source leaving = new Voices.Source(Voices.ramp(Duration.ofSeconds(20))) {
            @Override
            public void close() {
                super.close();
                closes.incrementAndGet();
                started.join().close();
            }

            @Override
            public String toString() {
                throw new AssertionError("text");
            }
        };
        Voices.Sink closing = new Voices.Sink() {
            @Override
            public void close() throws IOException {
                super.close();
                closes.incrementAndGet();
                started.join().close();
            }
        };
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new);
                ChatClient chat =
                        ChatClient.to(server.address()).format(VoiceFormat.PCM).start(leaving, closing)) {
            started.complete(chat);
            chat.close();
        }
        assertThat(closes.get()).isBetween(2, 10);
    }

    @Test
    void aListenerCannotWaitForTheEndOfItsOwnConversation() throws Exception {
        CompletableFuture<ChatClient> started = new CompletableFuture<>();
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        ChatListener listener = new ChatListener() {
            @Override
            public void onText(String text, OptionalInt level) {
                try {
                    started.join().join();
                    refused.complete(null);
                } catch (Throwable e) {
                    refused.complete(e);
                }
            }
        };
        FakePeer peer = new FakePeer() {
            @Override
            protected void opened() {
                send("00");
                send("026869");
                close(1000, "");
            }
        };
        try (FakeServer server = FakeServer.playing(() -> peer);
                ChatClient chat = ChatClient.to(server.address())
                        .format(VoiceFormat.PCM)
                        .listener(listener)
                        .start(source, sink)) {
            started.complete(chat);
            assertThat(refused.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("would wait for itself");
            chat.join();
        }
    }
}

package io.github.moshivis.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ends a conversation before its time, and what each end says. */
@Timeout(60)
class ChatFaultsTest {
    private static final Duration SOON = Duration.ofMillis(200);

    private final Voices.Source source = new Voices.Source(Voices.ramp(Duration.ofSeconds(20)));
    private final Voices.Sink sink = new Voices.Sink();

    /** A server that does one thing at once and nothing else. */
    private static FakePeer atOnce(Consumer<FakePeer> action) {
        return new FakePeer() {
            @Override
            protected void opened() {
                action.accept(this);
            }
        };
    }

    private static ChatOptions to(FakeServer server) {
        return ChatClient.to(server.address()).format(VoiceFormat.PCM).linger(SOON);
    }

    private void assertEndsWith(ChatOptions options, String... words) {
        try (ChatClient chat = options.start(source, sink)) {
            assertThatThrownBy(chat::join)
                    .isInstanceOf(ConversationException.class)
                    .hasMessageContaining("The conversation with ws://localhost:")
                    .hasMessageContainingAll(words);
        }
        assertThat(source.closed).isTrue();
        assertThat(sink.closed).isTrue();
    }

    @Test
    void theServersReasonIsTheFailure() throws Exception {
        FakePeer peer = atOnce(it -> {
            it.send(new Message.Error("the picture cannot be read").encode());
            it.close(1000, "");
        });
        try (FakeServer server = FakeServer.playing(() -> peer)) {
            assertEndsWith(to(server), "the server says: the picture cannot be read");
        }
    }

    @Test
    void anErrorOfTheListenerIsNotTheEnd() throws Exception {
        FakePeer peer = atOnce(it -> {
            it.send("00");
            for (int i = 0; i < 30; i++) {
                it.send("026869");
            }
            it.close(1000, "");
        });
        Logger log = Logger.getLogger(Quietly.class.getName());
        List<LogRecord> warnings = new CopyOnWriteArrayList<>();
        log.setFilter(logged -> !warnings.add(logged));
        AtomicInteger heard = new AtomicInteger();
        ChatListener listener = new ChatListener() {
            @Override
            public void onText(String text, OptionalInt level) {
                heard.incrementAndGet();
                throw new AssertionError("listener");
            }
        };
        try (FakeServer server = FakeServer.playing(() -> peer);
                ChatClient chat = to(server).listener(listener).start(source, sink)) {
            chat.join();
        } finally {
            log.setFilter(null);
        }
        assertThat(heard).hasValue(30);
        assertThat(warnings).hasSize(10);
    }

    @Test
    void anErrorOfTheSourceIsTheFailure() throws Exception {
        AudioSource broken = new AudioSource() {
            @Override
            public int read(float[] buffer, int offset, int length) {
                throw new AssertionError("source");
            }

            @Override
            public void close() {}
        };
        try (FakeServer server = FakeServer.playing(() -> atOnce(it -> it.send("00")));
                ChatClient chat = to(server).start(broken, sink)) {
            assertThatThrownBy(chat::join)
                    .isInstanceOf(ConversationException.class)
                    .hasMessageContaining("its source failed")
                    .hasCauseInstanceOf(AssertionError.class);
        }
        assertThat(sink.closed).isTrue();
    }

    @Test
    void anErrorInMidTalkIsNotTheEnd() throws Exception {
        FakePeer peer = atOnce(it -> {
            it.send("00");
            it.send(new Message.Error("not this picture").encode());
            it.send("026869");
            it.close(1000, "");
        });
        AtomicReference<String> reason = new AtomicReference<>();
        ChatListener listener = new ChatListener() {
            @Override
            public void onError(String text) {
                reason.set(text);
            }
        };
        try (FakeServer server = FakeServer.playing(() -> peer);
                ChatClient chat = to(server).listener(listener).start(source, sink)) {
            chat.join();
            assertThat(reason).hasValue("not this picture");
        }
    }

    @Test
    void aServerThatVanishesIsNoEndInGoodOrder() throws Exception {
        FakePeer peer = atOnce(it -> {
            it.send("00");
            it.vanish();
        });
        try (FakeServer server = FakeServer.playing(() -> peer)) {
            // What was expected depends on whether the handshake outran the end of the connection.
            assertEndsWith(to(server), "closed with code 1006", "expected", "server's log");
        }
    }

    @Test
    void aCodeForAFailureIsOne() throws Exception {
        FakePeer peer = atOnce(it -> {
            it.send("00");
            it.close(1011, "out of memory");
        });
        try (FakeServer server = FakeServer.playing(() -> peer)) {
            assertEndsWith(to(server), "code 1011 (out of memory)", "expected code 1000");
        }
    }

    @Test
    void withoutAHandshakeThereWasNoConversation() throws Exception {
        FakePeer peer = atOnce(it -> it.close(1000, "bye"));
        try (FakeServer server = FakeServer.playing(() -> peer)) {
            assertEndsWith(to(server), "code 1000 (bye)", "expected a handshake");
        }
        assertThat(source.opened).as("nobody listens").isFalse();
    }

    @Test
    void thePyTorchServerDropsWhoSendsNoPicture() throws Exception {
        try (FakeServer server = FakeServer.playing(FakePeer.PyTorch::new);
                ChatClient chat = to(server).start(source, sink)) {
            chat.rate(1);
            assertThatThrownBy(chat::join).hasMessageContaining("expected a handshake");
        }
    }

    @Test
    void aServerMayNotBeSilentForLongBeforeItIsReady() throws Exception {
        try (FakeServer server = FakeServer.playing(FakePeer::new)) {
            assertEndsWith(to(server).handshakeTimeout(SOON), "nothing", "200 ms", "expected a handshake");
        }
    }

    @Test
    void aServerMayNotBeSilentForLongOnceItIsReady() throws Exception {
        FakePeer ready = atOnce(it -> it.send("00"));
        try (FakeServer server = FakeServer.playing(() -> ready)) {
            assertEndsWith(to(server).silenceTimeout(SOON), "nothing", "200 ms", "the model's voice");
        }
    }

    @Test
    void aServerThatReadsNothingIsGivenUp() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        FakePeer deaf = new FakePeer() {
            @Override
            protected void opened() {
                send("00");
            }

            @Override
            protected void heard(byte[] message) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Voices.Source endless = new Voices.Source(Voices.ramp(Duration.ofMinutes(10)));
        try (FakeServer server = FakeServer.playing(() -> deaf);
                ChatClient chat = to(server)
                        .unpaced()
                        .silenceTimeout(Duration.ofSeconds(1))
                        .start(endless, sink)) {
            assertThatThrownBy(chat::join).isInstanceOf(ConversationException.class);
            assertThat(chat.statistics().spoken()).isLessThan(Duration.ofMinutes(10));
            over.countDown();
        }
    }

    @Test
    void aSlowSinkMakesTheServerWait() throws Exception {
        byte[] frame = new byte[1 + 2 * 1920];
        frame[0] = 1;
        int frames = 5000;
        AtomicInteger gone = new AtomicInteger();
        FakePeer fast = atOnce(it -> new Thread(() -> {
                    it.send("00");
                    for (; gone.get() < frames; gone.incrementAndGet()) {
                        it.send(frame);
                    }
                    it.close(1000, "");
                })
                .start());
        CountDownLatch play = new CountDownLatch(1);
        long[] played = new long[1];
        Voices.Sink slow = new Voices.Sink() {
            @Override
            public void write(float[] samples, int offset, int length) throws IOException {
                try {
                    play.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                played[0] += length;
            }
        };
        try (FakeServer server = FakeServer.playing(() -> fast);
                ChatClient chat = to(server).start(source, slow)) {
            for (int before = -1; gone.get() != before; ) {
                before = gone.get();
                Thread.sleep(500);
            }
            assertThat(gone.get()).as("the server waits").isLessThan(frames);
            play.countDown();
            chat.join();
            assertThat(played[0]).isEqualTo(frames * 1920L);
        }
    }

    @Test
    void aBrokenSinkEndsTheConversation() throws Exception {
        Voices.Sink broken = new Voices.Sink() {
            @Override
            public void write(float[] samples, int offset, int length) throws IOException {
                throw new IOException("disk full");
            }
        };
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new);
                ChatClient chat = to(server).start(source, broken)) {
            assertThatThrownBy(chat::join).hasMessageContainingAll("its sink failed", "disk full");
        }
        assertThat(broken.closed).isTrue();
        assertThat(source.closed).isTrue();
    }

    @Test
    void aBrokenSourceEndsTheConversation() throws Exception {
        Voices.Source broken = new Voices.Source(new float[1]) {
            @Override
            public void open() throws IOException {
                throw new IOException("no microphone");
            }
        };
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new);
                ChatClient chat = to(server).start(broken, sink)) {
            assertThatThrownBy(chat::join).hasMessageContainingAll("its source failed", "no microphone");
        }
        assertThat(broken.closed).isTrue();
    }

    @Test
    void aVoiceThatCannotBeDecodedEndsTheConversation() throws Exception {
        VoiceFormat broken = new VoiceFormat() {
            @Override
            public Encoder encoder() {
                return pcm -> new byte[1];
            }

            @Override
            public Decoder decoder() {
                return bytes -> {
                    throw new MediaException("no Ogg");
                };
            }
        };
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new)) {
            assertEndsWith(to(server).format(broken), "voice cannot be heard", "no Ogg");
        }
    }

    @Test
    void whatCannotStartClosesBothEnds() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        assertThatThrownBy(() -> ChatClient.to("http://localhost:" + nobody).start(source, sink))
                .isInstanceOf(ConversationException.class)
                .hasMessageContainingAll("Cannot connect to ws://localhost:" + nobody + "/api/chat", "Start it");
        assertThat(source.closed).isTrue();
        assertThat(sink.closed).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"400, Correct the settings", "401, token", "404, Correct the address", "503, server's log"})
    void aRefusalSaysWhatToDo(int status, String advice) throws Exception {
        try (FakeServer server = FakeServer.refusing(status)) {
            ChatOptions options =
                    to(server).token("secret").settings(ChatSettings.defaults().email("me@home"));
            assertThatThrownBy(() -> options.start(source, sink))
                    .isInstanceOf(ConversationException.class)
                    .hasMessageContainingAll("HTTP status " + status, "expected 101", advice)
                    .hasMessageNotContainingAny("secret", "home");
        }
    }

    @Test
    void closingEndsItAtOnceFromAnyThread() throws Exception {
        AtomicReference<ChatClient> chat = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        ChatListener impatient = new ChatListener() {
            @Override
            public void onHandshake(Message.Handshake handshake) {
                try {
                    started.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                chat.get().close();
            }
        };
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new)) {
            chat.set(to(server).listener(impatient).start(source, sink));
            started.countDown();
            chat.get().join();
            assertThat(server.caller().peer().closed()).isEqualTo(1000);
            chat.get().close();
            assertThatThrownBy(() -> chat.get().rate(5))
                    .isInstanceOf(ConversationException.class)
                    .hasMessageContainingAll("Cannot send to", "open connection");
        }
        assertThat(source.closed).isTrue();
        assertThat(sink.closed).isTrue();
    }

    @Test
    void stoppingLeavesTheRestToBeHeard() throws Exception {
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new);
                ChatClient chat = to(server).start(source, sink)) {
            while (chat.statistics().heard().isZero()) {
                Thread.sleep(10);
            }
            chat.stop();
            chat.join();
            assertThat(chat.statistics().heard())
                    .isPositive()
                    .isEqualTo(chat.statistics().spoken());
        }
    }

    @Test
    void anInterruptEndsItAndIsKept() throws Exception {
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new);
                ChatClient chat = to(server).start(source, sink)) {
            Thread.currentThread().interrupt();
            chat.join();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(sink.closed).isTrue();
        }
    }

    @Test
    void lengthsOfTimeAreMoreThanZero() {
        assertThatThrownBy(() -> ChatClient.to("host").linger(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("linger", "PT0S", "more than zero");
    }
}

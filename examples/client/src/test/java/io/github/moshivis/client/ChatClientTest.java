package io.github.moshivis.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A conversation in good order, with each back end. */
@Timeout(60)
class ChatClientTest {
    private static final byte[] PICTURE = {(byte) 0x89, 'P', 'N', 'G'};
    private static final Duration SOON = Duration.ofMillis(200);

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final ChatListener diary = new ChatListener() {
        @Override
        public void onQueue(int position) {
            told.add("queue " + position);
        }

        @Override
        public void onHandshake(Message.Handshake handshake) {
            told.add("ready");
        }

        @Override
        public void onText(String text, OptionalInt level) {
            told.add("text " + text + (level.isPresent() ? " " + level.getAsInt() : ""));
        }

        @Override
        public void onUserWord(Message.UserWord word) {
            told.add("user " + word.number() + " " + word.text() + (word.isFinal() ? "" : "…") + " at " + word.start());
        }

        @Override
        public void onUserTurn(Message.UserTurn turn) {
            told.add("turn " + turn.time());
        }

        @Override
        public void onMetadata(String json) {
            told.add("metadata " + json);
        }

        @Override
        public void onError(String reason) {
            told.add("error " + reason);
        }

        @Override
        public void onPing() {
            told.add("ping");
        }
    };

    private ChatOptions to(FakeServer server) {
        return ChatClient.to(server.address())
                .format(VoiceFormat.PCM)
                .listener(diary)
                .unpaced()
                .linger(SOON);
    }

    static Stream<Arguments> backEnds() {
        return Stream.of(
                Arguments.of("PyTorch", (Supplier<FakePeer>) FakePeer.PyTorch::new, List.of("ready"), "text hi 6"),
                Arguments.of(
                        "Rust",
                        (Supplier<FakePeer>) FakePeer.Rust::new,
                        List.of("metadata {\"text_topk\":25}", "ready"),
                        "text hi 6"),
                Arguments.of("MLX", (Supplier<FakePeer>) FakePeer.Mlx::new, List.of("ready"), "text hi"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("backEnds")
    void talksWithEachBackEnd(String name, Supplier<FakePeer> backEnd, List<String> first, String text)
            throws Exception {
        float[] voice = Voices.ramp(Duration.ofMillis(410));
        Voices.Source source = new Voices.Source(voice);
        Voices.Sink sink = new Voices.Sink();
        try (FakeServer server = FakeServer.playing(backEnd);
                ChatClient chat = to(server).image(PICTURE).start(source, sink)) {
            chat.join();

            FakePeer peer = server.caller().peer();
            assertThat(peer.closed()).isEqualTo(1000);
            assertThat(peer.received().get(0)).asHexString().isEqualTo("0889504E47");
            assertThat(peer.received().subList(1, peer.received().size())).allMatch(message -> message[0] == 1);
            assertThat(sink.pcm()).isEqualTo(voice);
            assertThat(told.subList(0, first.size())).isEqualTo(first);
            assertThat(told.subList(first.size(), told.size())).isNotEmpty().containsOnly(text);
            assertThat(chat.statistics())
                    .isEqualTo(new ChatStatistics(
                            Duration.ofMillis(410), Duration.ofMillis(410), told.size() - first.size(), 0));
        }
        assertThat(source.closed).isTrue();
        assertThat(sink.closed).isTrue();
    }

    @Test
    void speaksOpusUnlessToldOtherwise() throws Exception {
        Duration length = Duration.ofSeconds(1);
        Voices.Sink sink = new Voices.Sink();
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new);
                ChatClient chat =
                        to(server).format(VoiceFormat.OPUS).start(new Voices.Source(Voices.tone(length)), sink)) {
            chat.join();
            FakeServer.Caller caller = server.caller();
            assertThat(caller.query()).as("nothing to ask for").isNull();
            assertThat(caller.peer().received())
                    .allSatisfy(message -> assertThat(message).startsWith(1, 'O', 'g', 'g', 'S'));
            assertThat(caller.peer().received().get(0)).asString(US_ASCII).contains("OpusHead", "OpusTags");
            assertThat(chat.statistics().heard()).isCloseTo(length, Duration.ofMillis(40));
            assertThat(Voices.loudness(sink.pcm()))
                    .isCloseTo(Voices.loudness(Voices.tone(length)), withinPercentage(5));
        }
    }

    @Test
    void aHandshakeMayComeBeforeThePicture() throws Exception {
        Voices.Sink sink = new Voices.Sink();
        float[] voice = Voices.ramp(SOON);
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new);
                ChatClient chat = to(server).image(PICTURE).start(new Voices.Source(voice), sink)) {
            chat.join();
            assertThat(server.caller().peer().received().get(0)[0]).isEqualTo((byte) 8);
            assertThat(sink.pcm()).isEqualTo(voice);
        }
    }

    @Test
    void withoutAPictureNoneIsSent() throws Exception {
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new);
                ChatClient chat = to(server).start(new Voices.Source(Voices.ramp(SOON)), new Voices.Sink())) {
            chat.join();
            assertThat(server.caller().peer().received()).isNotEmpty().allMatch(message -> message[0] == 1);
        }
    }

    @Test
    void whatIsAskedForStandsInTheQuery() throws Exception {
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new);
                ChatClient chat = to(server)
                        .settings(ChatSettings.defaults()
                                .greedy()
                                .voice("NATF2")
                                .role("You are Ada & kind.")
                                .email("a+b@c.d"))
                        .token("secret")
                        .start(new Voices.Source(Voices.ramp(SOON)), new Voices.Sink())) {
            chat.join();
            FakeServer.Caller caller = server.caller();
            assertThat(caller.query())
                    .isEqualTo("text_topk=1&audio_topk=1&voice_prompt=NATF2&text_prompt=You%20are%20Ada%20%26%20kind."
                            + "&email=a%2Bb%40c.d&audio_format=pcm");
            assertThat(caller.authorization()).isEqualTo("Bearer secret");
        }
    }

    @Test
    void theUsersWordsAreToldAsTheyGrow() throws Exception {
        FakePeer listening = new FakePeer() {
            @Override
            protected void opened() {
                send("00");
                send("0b00070000000000c03f6869");
                send("0b01070000000000c03f686921");
                send("0c00000040");
            }

            @Override
            protected void heard(byte[] message) {
                echo(message, "026869");
            }
        };
        try (FakeServer server = FakeServer.playing(() -> listening);
                ChatClient chat = to(server)
                        .settings(ChatSettings.defaults().userText())
                        .start(new Voices.Source(Voices.ramp(SOON)), new Voices.Sink())) {
            chat.join();
            assertThat(server.caller().query()).isEqualTo("user_text=1&audio_format=pcm");
            assertThat(told).startsWith("ready", "user 7 hi… at 1.5", "user 7 hi! at 1.5", "turn 2.0");
            assertThat(chat.statistics().malformed()).isZero();
        }
    }

    @Test
    void aFileIsSaidAtThePaceOfSpeech() throws Exception {
        long start = System.nanoTime();
        Duration length = Duration.ofMillis(800);
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new);
                ChatClient chat = ChatClient.to(server.address())
                        .format(VoiceFormat.PCM)
                        .linger(SOON)
                        .start(new Voices.Source(Voices.ramp(length)), new Voices.Sink())) {
            chat.join();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(length.plus(SOON));
        }
    }

    /** Hears two seconds to their end, is silent for longer than a client lingers, and sends them back. */
    private static final class Slow extends FakePeer {
        private static final int BYTES = 2 * 2 * 24_000;
        private int heard;

        @Override
        protected void opened() {
            send("00");
        }

        @Override
        protected void heard(byte[] message) {
            heard += message.length - 1;
            if (heard == BYTES) {
                new Thread(this::answer).start();
            }
        }

        private void answer() {
            try {
                Thread.sleep(3 * SOON.toMillis());
                List.copyOf(received()).forEach(this::send);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aServerSlowerThanRealTimeIsHeardToItsEnd() throws Exception {
        float[] voice = Voices.ramp(Duration.ofSeconds(2));
        Voices.Sink sink = new Voices.Sink();
        try (FakeServer server = FakeServer.playing(Slow::new);
                ChatClient chat = to(server).start(new Voices.Source(voice), sink)) {
            chat.join();
            assertThat(sink.pcm()).isEqualTo(voice);
            assertThat(chat.statistics().isAnswered()).isTrue();
        }
    }

    @Test
    void anAnswerThatNeverComesIsNotWaitedForForEver() throws Exception {
        FakePeer mute = new FakePeer() {
            @Override
            protected void opened() {
                send("00");
            }
        };
        try (FakeServer server = FakeServer.playing(() -> mute);
                ChatClient chat = to(server)
                        .silenceTimeout(Duration.ofSeconds(1))
                        .start(new Voices.Source(Voices.ramp(Duration.ofSeconds(2))), new Voices.Sink())) {
            chat.join();
            assertThat(chat.statistics().isAnswered()).isFalse();
        }
    }

    @Test
    void tellsThePlaceInTheQueueAndWaitsThere() throws Exception {
        FakePeer peer = new FakePeer() {
            @Override
            protected void opened() {
                send(new Message.Metadata("{\"queue\":{\"position\":2}}").encode());
                send(new Message.Metadata("{\"queue\":{\"position\":1}}").encode());
            }
        };
        Duration timeout = Duration.ofSeconds(1);
        try (FakeServer server = FakeServer.playing(() -> peer);
                ChatClient chat = to(server)
                        .handshakeTimeout(timeout)
                        .start(new Voices.Source(Voices.ramp(SOON)), new Voices.Sink())) {
            server.caller();
            Thread.sleep(timeout.plus(SOON).toMillis());
            peer.send("00");
            peer.close(1000, "");
            chat.join();
            assertThat(told).containsExactly("queue 2", "queue 1", "ready");
        }
    }

    @Test
    void sendsAnotherPictureARatingAndControls() throws Exception {
        try (FakeServer server = FakeServer.playing(FakePeer.PyTorch::new);
                ChatClient chat =
                        to(server).image(PICTURE).start(new Voices.Source(Voices.ramp(SOON)), new Voices.Sink())) {
            chat.changeImage(new byte[] {1, 2});
            chat.rate(4);
            chat.control(Message.Control.Action.END_TURN);
            chat.join();
            assertThat(server.caller().peer().received())
                    .extracting(HexFormat.of()::formatHex)
                    .contains("080102", "0a04", "0301");
        }
    }

    @Test
    void answersAPing() throws Exception {
        FakePeer peer = new FakePeer() {
            @Override
            protected void heard(byte[] message) {
                if (message[0] == 8) {
                    send("06");
                    send("00");
                }
            }
        };
        try (FakeServer server = FakeServer.playing(() -> peer);
                ChatClient chat = to(server).image(PICTURE).start(new Voices.Source(new float[0]), new Voices.Sink())) {
            chat.join();
            assertThat(peer.received()).extracting(message -> message[0]).contains((byte) 6);
            assertThat(told).contains("ping");
        }
    }

    @Test
    void messagesInPartsAreOne() throws Exception {
        FakePeer peer = new FakePeer() {
            @Override
            protected void opened() {
                sendPart("00", false);
                sendPart("00000000", false);
                sendPart("00000000", true);
                sendPart("", false);
                sendPart("0703c3", false);
                sendPart("b1", true);
            }
        };
        try (FakeServer server = FakeServer.playing(() -> peer);
                ChatClient chat = to(server).start(new Voices.Source(new float[0]), new Voices.Sink())) {
            chat.join();
            assertThat(told).containsExactly("ready", "text \u00f1 3");
        }
    }

    @Test
    void whatIsNotUnderstoodIsPassedOver() throws Exception {
        FakePeer peer = new FakePeer() {
            @Override
            protected void opened() {
                send("00");
                send("ff0102"); // a kind of the future
                send("02ff"); // no UTF-8
                send("");
                send("026869");
            }
        };
        try (FakeServer server = FakeServer.playing(() -> peer);
                ChatClient chat = to(server).start(new Voices.Source(new float[0]), new Voices.Sink())) {
            chat.join();
            assertThat(told).containsExactly("ready", "text hi");
            assertThat(chat.statistics().malformed()).isEqualTo(2);
        }
    }

    @Test
    void aListenerThatThrowsIsNotTheEnd() throws Exception {
        ChatListener broken = new ChatListener() {
            @Override
            public void onHandshake(Message.Handshake handshake) {
                throw new IllegalStateException("broken on purpose");
            }
        };
        Voices.Sink sink = new Voices.Sink();
        float[] voice = Voices.ramp(SOON);
        try (FakeServer server = FakeServer.playing(FakePeer.RustWithoutPictures::new);
                ChatClient chat = to(server).listener(broken).start(new Voices.Source(voice), sink)) {
            chat.join();
            assertThat(sink.pcm()).isEqualTo(voice);
        }
    }
}

package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SlotTicket;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.TranscriptionSession;
import io.github.moshivis.audio.OggOpus;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.client.Message;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Speech to text over the wire: {@code /api/asr-streaming}, whole files, and a caller's own words. */
@Timeout(120)
class TranscriptionServerTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestServer server;
    private static SpeechToText stt;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
        server.image = ImageMode.OPTIONAL;
        server.token = Optional.of("secret");
        server.loading = () -> {
            stt = SpeechToText.load(
                    Golden.path("stt/model"), LoadOptions.defaults().maxConversations(2));
            return MoshiVis.load(
                    Golden.path("e2e/model"), LoadOptions.defaults().maxConversations(2), stt);
        };
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static URI address(String scheme, String query) {
        return URI.create(scheme + "://localhost:" + server.server().port() + "/api/asr-streaming" + query);
    }

    /** A client of speech to text. */
    private static final class Client implements WebSocket.Listener, AutoCloseable {
        private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final WebSocket socket;

        Client(String query, Map<String, String> headers) {
            WebSocket.Builder builder = HTTP.newWebSocketBuilder();
            headers.forEach(builder::header);
            socket = builder.buildAsync(address("ws", query), this).join();
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            try {
                received.add(JSON.readTree(
                        MessagePack.newDefaultUnpacker(bytes).unpackValue().toJson()));
            } catch (IOException e) {
                closed.completeExceptionally(e);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }

        void audio(float[] pcm) throws IOException {
            try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
                packer.packMapHeader(2).packString("type").packString("Audio").packString("pcm");
                packer.packArrayHeader(pcm.length);
                for (float sample : pcm) {
                    packer.packFloat(sample);
                }
                socket.sendBinary(ByteBuffer.wrap(packer.toByteArray()), true).join();
            }
        }

        void marker(long id) throws IOException {
            try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
                packer.packMapHeader(2)
                        .packString("type")
                        .packString("Marker")
                        .packString("id")
                        .packLong(id);
                socket.sendBinary(ByteBuffer.wrap(packer.toByteArray()), true).join();
            }
        }

        /** All messages up to one of a type. */
        List<JsonNode> until(String type) throws InterruptedException {
            List<JsonNode> all = new ArrayList<>();
            while (all.isEmpty()
                    || !all.get(all.size() - 1).get("type").asText().equals(type)) {
                JsonNode next = received.poll(60, TimeUnit.SECONDS);
                assertThat(next).as("after " + all).isNotNull();
                all.add(next);
            }
            return all;
        }

        @Override
        public void close() {
            socket.abort();
        }
    }

    /** The golden sound as the reference's program feeds it. */
    private static float[] sound() throws IOException {
        JsonNode config = Golden.json("stt/model/config.json").get("stt_config");
        int before = (int) (config.get("audio_silence_prefix_seconds").asDouble() * 24_000);
        int after = (int) ((config.get("audio_delay_seconds").asDouble() + 1) * 24_000);
        float[] spoken = spoken();
        float[] all = new float[before + spoken.length + after];
        System.arraycopy(spoken, 0, all, before, spoken.length);
        return Arrays.copyOf(all, all.length / 1920 * 1920);
    }

    private static float[] spoken() throws IOException {
        float[] all = new float[0];
        float[] block = new float[1000];
        try (AudioSource source = SoundFile.source(Golden.path("stt/e2e/input.wav"))) {
            source.open();
            for (int read = source.read(block, 0, 1000); read >= 0; read = source.read(block, 0, 1000)) {
                int end = all.length;
                all = Arrays.copyOf(all, end + read);
                System.arraycopy(block, 0, all, end, read);
            }
        }
        return all;
    }

    /** As 16-bit integers. */
    private static byte[] pcm(float[] samples) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float sample : samples) {
            bytes.putShort((short) (sample * 0x1p15f));
        }
        return bytes.array();
    }

    private static List<String> golden() {
        List<String> events = new ArrayList<>();
        Golden.json("stt/e2e/expected_text.json").get("server").get("events").forEach(event -> {
            boolean word = event.get("type").asText().equals("Word");
            events.add(
                    word ? event.get("text").asText() + "@" + event.get("start_time") : "@" + event.get("stop_time"));
        });
        return events;
    }

    private static List<String> words(Iterable<JsonNode> messages) {
        List<String> words = new ArrayList<>();
        for (JsonNode message : messages) {
            if (message.get("type").asText().equals("Word")) {
                words.add(message.get("text").asText() + "@" + message.get("start_time"));
            } else if (message.get("type").asText().equals("EndWord")) {
                words.add("@" + message.get("stop_time"));
            }
        }
        return words;
    }

    @Test
    void streamIsAnsweredAsTheReferencesServerDoes() throws Exception {
        float[] sound = sound();
        try (Client client = new Client("?auth_id=secret", Map.of())) {
            assertThat(client.until("Ready")).hasSize(1);
            for (int at = 0; at < sound.length; at += 1000) {
                client.audio(Arrays.copyOfRange(sound, at, Math.min(sound.length, at + 1000)));
            }
            client.marker(42);
            client.audio(new float[20 * 1920]);
            List<JsonNode> all = client.until("Marker");
            assertThat(all.get(all.size() - 1).get("id").asInt()).isEqualTo(42);
            assertThat(words(all)).startsWith(golden().toArray(String[]::new));
            List<Integer> steps = new ArrayList<>();
            all.stream()
                    .filter(message -> message.get("type").asText().equals("Step"))
                    .forEach(step -> steps.add(step.get("step_idx").asInt()));
            assertThat(steps.get(0)).isEqualTo(1);
            assertThat(steps.get(steps.size() - 1)).isEqualTo(steps.size());
            assertThat(steps).hasSizeGreaterThanOrEqualTo(sound.length / 1920);
        }
    }

    @Test
    void keysAreAskedForInHeaderOrQuery() throws Exception {
        assertThatThrownBy(() -> new Client("", Map.of()))
                .isInstanceOf(CompletionException.class)
                .rootCause()
                .hasMessageContaining("401");
        try (Client client = new Client("", Map.of("kyutai-api-key", "secret"))) {
            assertThat(client.until("Ready")).hasSize(1);
        }
    }

    @Test
    void clientWithoutASlotIsToldAndBadMessagesEndTheConnection() throws Exception {
        try (Client one = new Client("?auth_id=secret", Map.of());
                Client two = new Client("?auth_id=secret", Map.of())) {
            one.until("Ready");
            two.until("Ready");
            try (Client third = new Client("?auth_id=secret", Map.of())) {
                JsonNode error = third.until("Error").get(0);
                assertThat(error.get("message").asText()).isEqualTo("no free channels");
                third.closed.get(60, TimeUnit.SECONDS);
            }
            one.socket
                    .sendBinary(ByteBuffer.wrap(new byte[] {(byte) 0xC1}), true)
                    .join();
            one.until("Error");
            assertThat(one.closed.get(60, TimeUnit.SECONDS)).isEqualTo(1002);
        }
    }

    @Test
    void wholeFileIsAnsweredAsAList(@TempDir Path scratch) throws Exception {
        HttpRequest.Builder post = HttpRequest.newBuilder(address("http", ""))
                .POST(HttpRequest.BodyPublishers.ofFile(Golden.path("stt/e2e/input.wav")));
        assertThat(send(post.build()).statusCode()).isEqualTo(401);
        HttpResponse<String> answer =
                send(post.header("kyutai-api-key", "secret").build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(words(JSON.readTree(answer.body()))).isNotEmpty();
        HttpRequest opus = HttpRequest.newBuilder(address("http", "?auth_id=secret"))
                .POST(HttpRequest.BodyPublishers.ofFile(opus(scratch.resolve("sound"))))
                .build();
        HttpResponse<String> ofOpus = send(opus);
        assertThat(ofOpus.statusCode()).as(ofOpus.body()).isEqualTo(200);
        assertThat(JSON.readTree(ofOpus.body()).isArray()).isTrue();
        HttpRequest noise = HttpRequest.newBuilder(address("http", "?auth_id=secret"))
                .POST(HttpRequest.BodyPublishers.ofString("no sound"))
                .build();
        assertThat(send(noise).statusCode()).isEqualTo(400);
    }

    @Test
    void uploadsThatDoNotArriveLeaveThreadsToOthers() throws Exception {
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 70; i++) { // more than there are threads for requests
                Socket socket = new Socket("localhost", server.server().port());
                stalled.add(socket);
                socket.getOutputStream()
                        .write(("POST /api/asr-streaming?token=secret HTTP/1.1\r\nHost: localhost\r\n"
                                        + "Content-Length: 1000\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            String refused = new String(stalled.get(69).getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertThat(refused).isEqualTo("HTTP/1.1 503");
            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    /** The golden sound as an Opus file whose name says nothing. */
    private static Path opus(Path file) throws IOException {
        try (AudioSink sink = OggOpus.sink(file)) {
            float[] sound = sound();
            sink.open();
            sink.write(sound, 0, sound.length);
        }
        return file;
    }

    /** Sends on a connection of its own: the server closes one of which it refused to read the rest. */
    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Speaks the golden sound as fast as frames are answered, so that none is skipped; returns all messages that came meanwhile. */
    private static List<Message> speak(TestCaller caller) throws IOException {
        byte[] sound = pcm(sound());
        List<Message> all = new ArrayList<>();
        caller.sendSilence();
        caller.next(Message.Handshake.class);
        for (int at = 0; at < sound.length; at += TestCaller.FRAME_BYTES) {
            caller.send(new Message.Audio(Arrays.copyOfRange(sound, at, at + TestCaller.FRAME_BYTES)));
            if (at >= 4 * TestCaller.FRAME_BYTES) {
                Message next = caller.next();
                for (; !(next instanceof Message.Audio); next = caller.next()) {
                    all.add(next);
                }
            }
        }
        return all;
    }

    @Test
    void callersWordsComeToThoseWhoAsk() throws Exception {
        TestCaller asking = server.call("token=secret&audio_format=pcm&user_text=1");
        Message.UserWord word = speak(asking).stream()
                .filter(Message.UserWord.class::isInstance)
                .map(Message.UserWord.class::cast)
                .filter(Message.UserWord::isFinal)
                .findFirst()
                .orElseGet(() -> asking.next(Message.UserWord.class, Message.UserWord::isFinal));
        assertThat(word.text()).isNotBlank();
        asking.close();

        TestCaller other = server.call("token=secret&audio_format=pcm");
        assertThat(speak(other)).isNotEmpty().noneMatch(Message.UserWord.class::isInstance);
        other.close();
    }

    @Test
    void aCallerWaitsUntilSpeechToTextIsFree() throws Exception {
        TestCaller caller;
        try (TranscriptionSession one = stt.transcription().open();
                TranscriptionSession other = stt.transcription().open()) {
            caller = server.call("token=secret&audio_format=pcm&user_text=1");
            caller.sendSilence();
            TestServer.until(() -> {
                try (SlotTicket behind = stt.ticket()) {
                    return behind.position() == 2;
                }
            });
        }
        caller.next(Message.Handshake.class);
        caller.close();
    }

    @Test
    void realtimeClientsGetTranscriptionsWhereTheyAskForThem() throws Exception {
        try (JsonCaller caller = new JsonCaller(server, "/v1/realtime?token=secret", Map.of())) {
            caller.next("session.created");
            caller.sendPart(
                    "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":{\"input\":{"
                            + "\"transcription\":{\"model\":\"any\"}}}}}",
                    true);
            caller.next("session.updated");
            byte[] sound = pcm(sound());
            for (int at = 0; at < sound.length; at += TestCaller.FRAME_BYTES) {
                String frame =
                        Base64.getEncoder().encodeToString(Arrays.copyOfRange(sound, at, at + TestCaller.FRAME_BYTES));
                caller.sendPart("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + frame + "\"}", true);
                Thread.sleep(40); // a live source that is far ahead loses frames
            }
            JsonNode started = caller.next("input_audio_buffer.speech_started");
            JsonNode delta = caller.next("conversation.item.input_audio_transcription.delta");
            assertThat(delta.get("item_id")).isEqualTo(started.get("item_id"));
            assertThat(delta.get("delta").asText()).isNotBlank();
        }
    }
}

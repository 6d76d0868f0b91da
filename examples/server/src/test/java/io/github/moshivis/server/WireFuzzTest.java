package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.client.Message;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import io.github.moshivis.server.log.OneLine;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/**
 * Messages of all protocols and requests of all kinds, mutated with a seed and sent to a server: each is used or refused as documented,
 * nothing fails inside, and slots, callers and pictures are back afterwards. Connections of the long part: {@code fuzz.tries}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireFuzzTest {
    private static final int FEW = 20;
    private static final int MANY = Integer.getInteger("fuzz.tries", 2000);

    /** Messages of one connection. */
    private static final int MESSAGES = 8;

    /** Codes of {@code CloseReason} but that of a failure, those of the wire's own rules, and 0 for a connection that was broken off. */
    private static final Set<Integer> DOCUMENTED = Set.of(0, 1000, 1002, 1003, 1007, 1008, 1009, 1013);

    private static final Set<Integer> STATUSES =
            Set.of(0, 101, 200, 400, 401, 403, 404, 405, 411, 413, 414, 415, 421, 426, 431, 501, 503, 505);

    private final TestServer server = new TestServer();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Logger log = Logger.getLogger("");
    private final Handler watch = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            if (logged.getLevel().intValue() >= Level.WARNING.intValue()) {
                failures.add(logged.getMessage() + " " + logged.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeAll
    void start() throws IOException {
        server.image = ImageMode.OPTIONAL;
        server.slots = 3;
        server.perMinute = Integer.MAX_VALUE;
        server.mostConnections = 1000;
        server.protocols =
                new ProtocolOptions(Set.of(), Optional.empty(), Optional.of(new InetSocketAddress("localhost", 0)));
        server.loading = () -> MoshiVis.load(
                Golden.path("e2e/model"),
                LoadOptions.defaults().maxConversations(3).maxImageSize(448),
                SpeechToText.load(
                        Golden.path("stt/model"), LoadOptions.defaults().maxConversations(3)));
        server.start();
        OneLine.configure();
        log.addHandler(watch);
    }

    @AfterAll
    void stop() {
        log.removeHandler(watch);
        server.close();
    }

    @AfterEach
    void allIsBack() throws Exception {
        for (int i = 0; i < 600 && !(server.metric("moshivis_callers") == 0 && freeSlots() == 3); i++) {
            Thread.sleep(50);
        }
        assertThat(server.metric("moshivis_callers")).isZero();
        assertThat(freeSlots()).isEqualTo(3);
        assertThat(server.metric("moshivis_picture_bytes")).isZero();
        assertThat(failures).isEmpty();
    }

    private double freeSlots() throws Exception {
        return server.metric("moshivis_slots_free");
    }

    /** A protocol: what its clients send, in the order in which they do. */
    enum Wire {
        REFERENCE {
            @Override
            void call(TestServer server, Random random) throws IOException {
                ByteMutator mutator = new ByteMutator(random);
                List<byte[]> kinds = List.of(
                        new Message.Image(TestServer.picture()).encode(),
                        new Message.Audio(new byte[TestCaller.FRAME_BYTES]).encode(),
                        new Message.Rating(4).encode(),
                        new Message.Text("é").encode(),
                        new Message.Ping().encode(),
                        Message.Handshake.CURRENT.encode(),
                        new Message.Metadata("{}").encode());
                FuzzedCall call = open(
                        server,
                        "/api/chat?image_resolution=70&audio_format=" + (random.nextBoolean() ? "pcm" : "opus"));
                for (int i = 0; i < MESSAGES; i++) {
                    byte[] message = kinds.get(i < 2 ? i : random.nextInt(kinds.size()));
                    call.binary(random.nextInt(3) == 0 ? message : mutator.mutated(message));
                }
                expectDocumented(call);
            }
        },
        REALTIME {
            @Override
            void call(TestServer server, Random random) throws IOException {
                String picture = "data:image/png;base64," + Base64.getEncoder().encodeToString(TestServer.picture());
                String sound = Base64.getEncoder().encodeToString(new byte[TestCaller.FRAME_BYTES]);
                List<String> events = List.of(
                        "{'event_id':'e1','type':'session.update','session':{'type':'realtime','audio':{'input':{'format':{'type':"
                                + "'audio/pcm','rate':24000},'turn_detection':null,'transcription':{'model':'any'}},'output':{'format':"
                                + "{'type':'audio/pcmu'}}},'moshivis':{'text_topk':20,'seed':7,'center_crop':true,'xa_start':3}}}",
                        "{'type':'session.update','session':{'modalities':['text','audio'],'input_audio_format':'pcm16',"
                                + "'output_audio_format':'g711_alaw','temperature':0.7,'turn_detection':{'create_response':false}}}",
                        "{'type':'conversation.item.create','item':{'id':'i','type':'message','role':'user','content':["
                                + "{'type':'input_image','image_url':'" + picture
                                + "'},{'type':'input_text','text':'hm'}]}}",
                        "{'type':'input_audio_buffer.append','audio':'" + sound + "'}",
                        "{'type':'input_audio_buffer.commit'}",
                        "{'type':'input_audio_buffer.clear'}",
                        "{'type':'response.create','response':{'instructions':'none'}}",
                        "{'type':'response.cancel','event_id':'e9'}",
                        "{'type':'conversation.item.truncate','item_id':'i','content_index':0,'audio_end_ms':80}");
                FuzzedCall call = open(server, "/v1/realtime?model=any");
                texts(call, events, random);
                expectDocumented(call);
            }
        },
        MEDIA_STREAM {
            @Override
            void call(TestServer server, Random random) {
                String sound = Base64.getEncoder().encodeToString(new byte[160]);
                List<String> events = List.of(
                        "{'event':'connected','protocol':'Call','version':'1.0.0'}",
                        "{'event':'start','streamSid':'MZ','streamId':'s','start':{'streamSid':'MZ','streamId':'s','callSid':'CA','tracks':"
                                + "['inbound'],'customParameters':{'token':'x'},'mediaFormat':{'encoding':'audio/x-mulaw','sampleRate':8000,"
                                + "'channels':1}},'extra_headers':'{a=1;token=x}'}",
                        "{'event':'media','streamSid':'MZ','media':{'track':'inbound','chunk':'2','timestamp':'5','payload':'"
                                + sound + "'}}",
                        "{'event':'dtmf','streamSid':'MZ','dtmf':{'track':'inbound_track','digit':'1'}}",
                        "{'event':'mark','streamSid':'MZ','mark':{'name':'frame-50'}}",
                        "{'event':'playedStream','streamId':'s','name':'frame-50'}",
                        "{'event':'stop','streamSid':'MZ','stop':{'callSid':'CA'}}");
                FuzzedCall call =
                        open(server, List.of("/twilio", "/plivo", "/vobiz").get(random.nextInt(3)));
                texts(call, events, random);
                expectDocumented(call);
            }
        },
        AUDIO_SOCKET {
            @Override
            void call(TestServer server, Random random) throws IOException {
                ByteMutator mutator = new ByteMutator(random);
                try (Socket socket = new Socket(
                        "localhost", server.server().audioSocketPort().orElseThrow())) {
                    socket.setSoTimeout(30_000);
                    for (int i = 0; i < MESSAGES; i++) {
                        int[] kinds = {0x01, 0x10 + random.nextInt(9), 0x10, 0x03, 0xff, 0x42, 0x00};
                        int kind = kinds[i < 2 ? i : random.nextInt(kinds.length)];
                        int length = kind == 0x01 ? 16 : random.nextInt(4) == 0 ? random.nextInt(0x10000) : 320;
                        byte[] frame = ByteBuffer.allocate(3 + length)
                                .put((byte) kind)
                                .putShort((short) length)
                                .array();
                        socket.getOutputStream().write(random.nextInt(3) == 0 ? mutator.mutated(frame) : frame);
                    }
                    socket.shutdownOutput();
                    new DataInputStream(socket.getInputStream()).readAllBytes();
                } catch (java.net.SocketException e) {
                    // the server hung up while there was more to send
                }
            }
        },
        TRANSCRIPTION {
            @Override
            void call(TestServer server, Random random) throws IOException {
                ByteMutator mutator = new ByteMutator(random);
                FuzzedCall call = open(server, "/api/asr-streaming");
                for (int i = 0; i < MESSAGES; i++) {
                    byte[] message = asr(random.nextInt(4), random);
                    call.binary(random.nextBoolean() ? message : mutator.mutated(message));
                }
                if (random.nextInt(4) == 0) {
                    call.text("text");
                }
                expectDocumented(call);
            }
        },
        REQUEST {
            @Override
            void call(TestServer server, Random random) throws IOException {
                List<String> requests = List.of(
                        "GET /api/chat?text_temperature=0.7&text_topk=25&audio_topk=250&seed=1&max_steps=10&audio_format=pcm&user_text=1",
                        "GET /v1/realtime?model=any&text_seed=18446744073709551615&pad_mult=-1e1&voice_prompt=a&text_prompt=b",
                        "GET /twilio?token=abc",
                        "GET /api/asr-streaming?auth_id=abc",
                        "GET /api/check_user?session_id=1&session_auth_id=abc",
                        "GET /api/user_feedback?feedback=1",
                        "GET /metrics?token=%C3%A9",
                        "GET /index.html?x",
                        "POST /api/rating?key=abc&stars=3",
                        "POST /api/asr-streaming?auth_id=abc");
                byte[] head = (requests.get(random.nextInt(requests.size())) + " HTTP/1.1\r\n")
                        .getBytes(StandardCharsets.UTF_8);
                byte[] rest =
                        ("Host: localhost\r\nOrigin: http://localhost\r\nAuthorization: Bearer abc\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: realtime, openai-insecure-api-key.abc\r\n"
                                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nContent-Length: 2\r\n\r\n{}")
                                .getBytes(StandardCharsets.UTF_8);
                ByteMutator mutator = new ByteMutator(random);
                byte[] first = mutator.mutated(head);
                byte[] all = Arrays.copyOf(first, first.length + rest.length);
                byte[] others = random.nextInt(4) == 0 ? mutator.mutated(rest) : rest;
                all = Arrays.copyOf(all, first.length + others.length);
                System.arraycopy(others, 0, all, first.length, others.length);
                assertThat(STATUSES).contains(status(server, all));
            }
        };

        /** Opens a connection, sends mutated messages and expects a documented end. */
        abstract void call(TestServer server, Random random) throws IOException;

        static FuzzedCall open(TestServer server, String path) {
            return new FuzzedCall(server.server().port(), path, Map.of());
        }

        static void expectDocumented(FuzzedCall call) {
            assertThat(DOCUMENTED).contains(call.end());
        }

        static void texts(FuzzedCall call, List<String> events, Random random) {
            JsonMutator mutator = new JsonMutator(random);
            for (int i = 0; i < MESSAGES; i++) {
                String event = events.get(random.nextInt(events.size())).replace('\'', '"');
                call.text(random.nextInt(3) == 0 ? event : mutator.mutated(event));
            }
        }

        private static byte[] asr(int kind, Random random) throws IOException {
            try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
                packer.packMapHeader(kind == 3 ? 1 : 2).packString("type");
                switch (kind) {
                    case 0 -> {
                        packer.packString("Audio").packString("pcm").packArrayHeader(1920);
                        for (int i = 0; i < 1920; i++) {
                            packer.packFloat(0.1f * random.nextFloat());
                        }
                    }
                    case 1 ->
                        packer.packString("OggOpus")
                                .packString("data")
                                .packBinaryHeader(4)
                                .writePayload("OggS".getBytes(StandardCharsets.US_ASCII));
                    case 2 -> packer.packString("Marker").packString("id").packLong(random.nextLong());
                    default -> packer.packString("Init");
                }
                return packer.toByteArray();
            }
        }

        /** The status that answers a request; 0 if the server closes the connection without one. */
        private static int status(TestServer server, byte[] request) throws IOException {
            try (Socket socket = new Socket("localhost", server.server().port())) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
                byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
                String text = new String(line, StandardCharsets.US_ASCII);
                return text.startsWith("HTTP/1.1 ") && text.length() == 12 ? Integer.parseInt(text.substring(9)) : 0;
            } catch (java.net.SocketException e) {
                return 0;
            }
        }
    }

    private void fuzz(Wire wire, int tries) throws IOException {
        for (int seed = 0; seed < tries; seed++) {
            try {
                wire.call(server, new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + " of " + wire + "; logged " + failures, e);
            }
        }
    }

    @ParameterizedTest
    @Timeout(120)
    @EnumSource
    void fewMutatedMessages(Wire wire) throws IOException {
        fuzz(wire, FEW);
    }

    @ParameterizedTest
    @Tag("stress")
    @EnumSource
    void manyMutatedMessages(Wire wire) throws IOException {
        fuzz(wire, MANY);
    }
}

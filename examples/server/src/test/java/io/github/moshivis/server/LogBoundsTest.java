package io.github.moshivis.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.moshivis.client.Message;
import io.github.moshivis.server.log.OneLine;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bounds of what one connection writes to the log: the number of its lines, and their length. */
@Timeout(60)
class LogBoundsTest {
    private static final int LONGEST = 500;
    private static final int LONG = 50_000;

    private static final TestServer SERVER = new TestServer();

    private static final Logger LOG = Logger.getLogger("");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Handler watch = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            lines.add(logged.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeAll
    static void start() throws IOException {
        SERVER.logTranscripts = true; // keys of telephones too
        SERVER.protocols =
                new ProtocolOptions(Set.of(), Optional.empty(), Optional.of(new InetSocketAddress("localhost", 0)));
        SERVER.start();
        OneLine.configure();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void watch() {
        LOG.addHandler(watch);
    }

    @AfterEach
    void linesAreShort() {
        LOG.removeHandler(watch);
        assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(line).hasSizeLessThan(LONGEST));
    }

    private List<String> lines(String event) {
        return lines.stream()
                .filter(line -> (line + " ").startsWith("event=" + event + " "))
                .toList();
    }

    @Test
    void oneRatingForATalk() {
        TestCaller caller = SERVER.call("");
        for (int i = 0; i < 200; i++) {
            caller.send(new Message.Rating(1 + i % 5));
        }
        caller.send(new Message.Ping()).next(Message.Ping.class);
        assertThat(lines("rating")).singleElement().asString().endsWith(" stars=1");
    }

    private static byte[] frame(int kind, int length) {
        return ByteBuffer.allocate(3 + length)
                .put((byte) kind)
                .putShort((short) length)
                .array();
    }

    /** Sends frames over Asterisk's protocol, and waits until the server has read them all and hung up, as the last one makes it. */
    private static void send(ByteArrayOutputStream frames) throws IOException {
        try (Socket socket =
                new Socket("localhost", SERVER.server().audioSocketPort().orElseThrow())) {
            socket.getOutputStream().write(frames.toByteArray());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (in.read() >= 0) {
                // what was on its way
            }
        }
    }

    @Test
    void oneNameForATelephoneCallAndNoKeysBeforeItsSound() throws IOException {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            frames.writeBytes(frame(0x01, 16));
            frames.writeBytes(frame(0x03, 1));
        }
        frames.writeBytes(frame(0x00, 0));
        send(frames);
        assertThat(lines("audiosocket-call")).hasSize(1);
        assertThat(lines("dtmf")).isEmpty();
    }

    @Test
    void asManyKeysOfATelephoneAsPeoplePress() throws IOException {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(frame(0x01, 16));
        frames.writeBytes(frame(0x10, 320));
        for (int i = 0; i < 1500; i++) {
            frames.writeBytes(frame(0x03, LONGEST));
        }
        frames.writeBytes(frame(0x00, 0));
        send(frames);
        assertThat(lines("dtmf")).hasSize(1000);
    }

    @Test
    void errorCodesOfATelephone() throws IOException {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(frame(0xff, LONG));
        send(frames);
        assertThat(lines("audiosocket-error")).hasSize(1);
    }

    @Test
    void formatsAndKeysOfAMediaStream() {
        String text = "x".repeat(LONG);
        try (JsonCaller stream = new JsonCaller(SERVER, "/twilio", Map.of())) {
            stream.send("{'event':'start','start':{'mediaFormat':{'encoding':'" + text + "'}}}");
            stream.closed();
        }
        try (JsonCaller stream = new JsonCaller(SERVER, "/twilio", Map.of())) {
            stream.send("{'event':'start','start':{'mediaFormat':{'encoding':'audio/x-mulaw','sampleRate':8000}}}")
                    .send("{'event':'dtmf','dtmf':{'digit':'" + text + "'}}")
                    .send("{'event':'stop'}");
            stream.closed();
        }
        assertThat(lines("dtmf")).containsExactly("event=dtmf digit=x");
        assertThat(lines("farewell")).hasSize(2);
    }

    private static int refusal(String query, Map<String, String> headers) {
        return catchThrowableOfType(TestCaller.RefusedException.class, () -> SERVER.call(query, headers)).status;
    }

    @Test
    void tokensOriginsAndParameters() {
        String text = "x".repeat(2000);
        assertThat(refusal("text_topk=" + text, Map.of())).isEqualTo(400);
        assertThat(refusal("token=" + text, Map.of("Origin", "http://" + text + ".example")))
                .isEqualTo(403);
        assertThat(lines("refused")).isNotEmpty();
    }

    @Test
    void malformedHosts() throws IOException {
        for (String host : List.of(
                "a:" + "1".repeat(LONGEST),
                "[" + "x".repeat(LONGEST),
                "a b".repeat(LONGEST),
                "localhost\r\nHost: " + "x".repeat(LONGEST))) {
            try (Socket socket = new Socket("localhost", SERVER.server().port())) {
                socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(UTF_8));
                assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
                        .isEqualTo("HTTP/1.1 400");
            }
        }
        assertThat(refusal("text_topk=x", Map.of())).isEqualTo(400);
        assertThat(lines).hasSize(2).element(1).asString().startsWith("event=refused ");
    }
}

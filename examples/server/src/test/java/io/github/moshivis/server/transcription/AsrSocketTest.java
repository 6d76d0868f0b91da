package io.github.moshivis.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.Golden;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.load.LoadOptions;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** A connection of speech to text whose client sends too much, reads too little, or meets an error: it ends with a reason, and its slot is free. */
@Timeout(60)
class AsrSocketTest {
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final AsrProtocol protocol = new AsrProtocol(null);
    private Error failure;
    private boolean reads = true;
    private SpeechToText stt;
    private AsrSocket socket;

    @BeforeEach
    void create() {
        stt = SpeechToText.load(Golden.path("stt/model"), LoadOptions.defaults().maxConversations(1));
        socket = new AsrSocket(stt, protocol);
    }

    @AfterEach
    void close() {
        stt.close();
        protocol.close();
    }

    /** A connection as far as the socket needs one. */
    private Object session(Object proxy, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "close" ->
                ends.add(arguments[0] + " " + ((String) arguments[1]).getBytes(StandardCharsets.UTF_8).length + " "
                        + arguments[1]);
            case "disconnect" -> ends.add("disconnected");
            case "sendBinary" -> {
                if (failure != null) {
                    throw failure;
                }
                if (reads) {
                    ((Callback) arguments[1]).succeed();
                }
            }
            default -> throw new AssertionError(method);
        }
        return null;
    }

    private void open() {
        socket.onWebSocketOpen((Session)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Session.class}, this::session));
    }

    private void send(byte[] message) {
        socket.onWebSocketPartialBinary(ByteBuffer.wrap(message), true, Callback.NOOP);
    }

    private String end() throws InterruptedException {
        return ends.poll(30, TimeUnit.SECONDS);
    }

    private static byte[] message(String type, String member, Object value) throws IOException {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packer.packMapHeader(2).packString("type").packString(type).packString(member);
            if (value instanceof Long number) {
                packer.packLong(number);
            } else {
                float[] samples = (float[]) value;
                packer.packArrayHeader(samples.length);
                for (float sample : samples) {
                    packer.packFloat(sample);
                }
            }
            return packer.toByteArray();
        }
    }

    private void assertSlotIsFree() throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            try {
                stt.transcription().open().close();
                return;
            } catch (ConversationException e) {
                Thread.sleep(10);
            }
        }
        throw new AssertionError("the slot stays taken");
    }

    @Test
    void anErrorEndsTheConnectionWithAReason() throws Exception {
        failure = new OutOfMemoryError("expected by a test");
        open();
        assertThat(end()).isEqualTo("1013 24 the transcription failed");
        assertSlotIsFree();
    }

    @Test
    void aReasonFitsTheFrameThatCloses() throws Exception {
        open();
        send(message("\u4e16".repeat(1000), "id", 1L));
        assertThat(end()).startsWith("1002 ").satisfies(text -> assertThat(Integer.parseInt(text.split(" ")[1]))
                .isLessThanOrEqualTo(123));
        assertSlotIsFree();
    }

    @Test
    void markersThatWaitAreBounded() {
        try (AsrStream stream = new AsrStream(stt, message -> {})) {
            for (int i = 0; i < 10_000; i++) {
                stream.mark(i);
            }
            assertThatThrownBy(() -> stream.mark(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Too many markers wait");
        }
    }

    @Test
    void bytesThatWaitAreBounded() throws Exception {
        byte[] sound = message(
                "Audio", "pcm", new float[3_000_000]); // two minutes: no model transcribes them before the next ones
        open();
        for (int i = 0; i < 4; i++) {
            send(sound);
        }
        assertThat(end()).startsWith("1013 ").contains("Too much sound waits");
        assertSlotIsFree();
    }

    @Test
    void aClientThatDoesNotReadIsDropped() throws Exception {
        reads = false;
        open();
        for (int i = 0; i < 20_000; i++) {
            socket.send(new AsrMessage.Marker(i));
        }
        assertThat(end()).isEqualTo("disconnected");
        assertThat(ends).isEmpty();
        assertSlotIsFree();
    }

    @Test
    void aLookThatFailsIsNotTheLast() {
        assertThat(AsrProtocol.goesOn(socket)).as("no session yet").isTrue();
        socket.onWebSocketClose(1000, "", Callback.NOOP);
        assertThat(AsrProtocol.goesOn(socket)).as("closed").isFalse();
    }
}

package io.github.moshivis.server.telephone;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.server.ProtocolOptions;
import io.github.moshivis.server.TestServer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A scripted Asterisk, held to the published frames of AudioSocket. */
@Timeout(60)
class AudioSocketTest {
    private static final int HANG_UP = 0x00;
    private static final byte[] UUID = {0x01, 0, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    private final TestServer server = new TestServer();
    private Socket socket;
    private OutputStream out;
    private DataInputStream in;

    @BeforeEach
    void start() throws IOException {
        server.protocols =
                new ProtocolOptions(Set.of(), Optional.empty(), Optional.of(new InetSocketAddress("localhost", 0)));
        server.start();
        connect();
    }

    private void connect() throws IOException {
        socket = new Socket("localhost", server.server().audioSocketPort().orElseThrow());
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
    }

    @AfterEach
    void stop() throws IOException {
        socket.close();
        server.close();
    }

    private static byte[] frame(int kind, int length) {
        return ByteBuffer.allocate(3 + length)
                .put((byte) kind)
                .putShort((short) length)
                .array();
    }

    private byte[] read(int kind) throws IOException {
        assertThat(in.readUnsignedByte()).as("kind").isEqualTo(kind);
        return in.readNBytes(in.readUnsignedShort());
    }

    @ParameterizedTest
    @CsvSource({"0x10, 320", "0x12, 640", "0x13, 960"})
    void theModelAnswersInTheCallsOwnKindOfSound(String kind, int bytes) throws Exception {
        int code = Integer.decode(kind);
        out.write(UUID);
        long began = System.nanoTime();
        out.write(frame(code, bytes));
        out.write(new byte[] {0x03, 0, 1, '5'});
        for (int i = 0; i < 50; i++) {
            assertThat(read(code)).hasSize(bytes);
        }
        assertThat((System.nanoTime() - began) / 1e9).as("a second of sound").isGreaterThan(0.8);
        assertThat(server.metric("moshivis_talks")).isEqualTo(1);
    }

    @Test
    void framesMayBeCutAnywhere() throws IOException {
        for (byte each : UUID) {
            out.write(each);
            out.flush();
        }
        byte[] sound = frame(0x10, 320);
        out.write(sound, 0, 2);
        out.flush();
        out.write(sound, 2, sound.length - 2);
        assertThat(read(0x10)).hasSize(320);
    }

    @ParameterizedTest
    @CsvSource({"00 00 00", "ff 00 01 01"})
    void hangUpAndErrorsEndTheCall(String hex) throws Exception {
        out.write(UUID);
        out.write(frame(0x10, 320));
        read(0x10);
        out.write(HexFormat.ofDelimiter(" ").parseHex(hex));
        while (in.read() >= 0) {
            // what was on its way
        }
        TestServer.until(() -> server.metric("moshivis_slots_free") == 2 && server.metric("moshivis_callers") == 0);
    }

    @Test
    void theServersGoodbyeIsAHangUp() throws IOException {
        out.write(UUID);
        out.write(frame(0x10, 321)); // half a sample
        assertThat(read(HANG_UP)).isEmpty();
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void unknownFramesArePassedOver() throws Exception {
        out.write(frame(0x42, 5));
        out.write(frame(0x10, 320));
        assertThat(read(0x10)).hasSize(320);
        assertThat(server.metric("moshivis_errors_total{kind=\"malformed\"}")).isEqualTo(1);
    }
}

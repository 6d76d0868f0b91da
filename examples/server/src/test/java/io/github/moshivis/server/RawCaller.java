package io.github.moshivis.server;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client that does its own WebSocket on a plain socket, so that it can do wrong what no library lets one do. */
final class RawCaller implements AutoCloseable {
    /** Binary, and the last of its message. RFC 6455, section 5.2. */
    static final int BINARY = 0x82;

    private static final int MASKED = 0x80;
    private static final int LONG_LENGTH = 127;
    private static final int RECEIVE_BUFFER = 4096;

    private final Socket socket = new Socket();

    /** Connects and upgrades. */
    RawCaller(int port, String query) throws IOException {
        socket.setReceiveBufferSize(RECEIVE_BUFFER); // before connecting: so little is on its way to who does not read
        socket.connect(new InetSocketAddress("localhost", port));
        send(("GET /api/chat?" + query + " HTTP/1.1\r\nHost: localhost:" + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                        + "\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        String answer = "";
        while (!answer.endsWith("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new EOFException("hung up before an answer: " + answer);
            }
            answer += (char) next;
        }
        if (!answer.startsWith("HTTP/1.1 101 ")) {
            throw new IOException(answer);
        }
    }

    /** The beginning of a frame: whatever length it claims, any number of bytes can follow. */
    static byte[] header(int first, long length) {
        return ByteBuffer.allocate(14)
                .put((byte) first)
                .put((byte) (MASKED | LONG_LENGTH))
                .putLong(length)
                .putInt(0) // the mask, which leaves all as it is
                .array();
    }

    /** Sends bytes as they are. */
    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends a whole message. */
    void message(byte[] bytes) throws IOException {
        send(header(BINARY, bytes.length));
        send(bytes);
    }

    /** Reads to the end of the connection. */
    byte[] rest() throws IOException {
        try (InputStream in = socket.getInputStream()) {
            return in.readAllBytes();
        } catch (SocketException e) {
            return new byte[0]; // broken off, not closed
        }
    }

    /** Breaks the connection off: the server gets a reset instead of an end. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

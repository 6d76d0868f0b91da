package io.github.moshivis.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.server.TestServer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets that say nothing, or too little, leave room for those who call. */
@Timeout(120)
class SilentConnectionsTest {
    private static final TestServer SERVER = new TestServer();

    private final List<Socket> sockets = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), SERVER.server().port());
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Waits for the end of a connection: end of stream or a reset. */
    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private static boolean isClosedNow(Socket socket) throws IOException {
        socket.setSoTimeout(1);
        try {
            return isClosed(socket);
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Test
    void theOldestOfTooManySilentSocketsGo() throws IOException {
        int most = SilentConnections.within(false).perAddress();
        for (int i = 0; i < most + 20; i++) {
            connect();
        }

        int closed = 0; // the server's threads accept neighbors in any order
        while (closed < 20) {
            closed = 0;
            for (Socket socket : sockets.subList(0, 100)) {
                closed += isClosedNow(socket) ? 1 : 0;
            }
        }
        Socket caller = connect();
        send(caller, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(new String(caller.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 200");
    }

    /** A connection from an address of documentation, which is open until it is closed. */
    private static final class Line {
        private final Connection connection;
        private boolean closed;

        Line(int host) {
            EndPoint end = (EndPoint) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {EndPoint.class}, (proxy, method, arguments) -> {
                        closed |= method.getName().equals("close");
                        return method.getName().equals("getRemoteSocketAddress")
                                ? new InetSocketAddress(
                                        InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) host}), 1)
                                : null;
                    });
            connection = (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {Connection.class, ConnectionMetaData.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "getEndPoint" -> end;
                        case "getConnection" -> proxy;
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        default -> null;
                    });
        }

        /** A request whose response is never read. */
        Request request() {
            return (Request) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {Request.class},
                    (proxy, method, arguments) -> method.getName().equals("getConnectionMetaData") ? connection : null);
        }
    }

    @Test
    void thoseThatDoNotReadTheirResponseCount() {
        SilentConnections limits = new SilentConnections(6, 3);
        List<Line> lines = new ArrayList<>();
        for (int host : new int[] {1, 1, 1, 1, 2, 2, 2, 3, 3}) {
            Line line = new Line(host);
            lines.add(line);
            limits.onOpened(line.connection);
            limits.speaks(line.request());
        }
        assertThat(lines)
                .extracting(line -> line.closed)
                .as("the fourth of one address, and the seventh and eighth in all")
                .containsExactly(true, true, true, false, false, false, false, false, false);
    }

    @Test
    @Tag("stress") // waits for the deadline
    void headersThatTrickleHaveADeadline() throws Exception {
        Socket slow = connect();
        send(slow, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
        long start = System.nanoTime();
        try {
            for (int i = 0; i < 60; i++) {
                send(slow, "X-" + i + ": trickle\r\n");
                Thread.sleep(1000);
            }
        } catch (SocketException e) {
            assertThat(System.nanoTime() - start).isGreaterThan(SilentConnections.DEADLINE.toNanos() / 2);
            return;
        }
        assertThat(isClosed(slow)).isTrue();
    }
}

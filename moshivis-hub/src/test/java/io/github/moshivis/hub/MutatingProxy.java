package io.github.moshivis.hub;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a hub or its storage and changes its answers, byte by byte as they go over the wire. What is changed follows from a seed,
 * the request, and how often it came, whatever the order of requests.
 */
final class MutatingProxy implements Closeable {
    private final int target;
    private final Map<String, String> replaced = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> times = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ServerSocket socket = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private volatile long seed;
    private volatile int oneIn;

    /** Stands before a port of this machine. */
    MutatingProxy(int target) throws IOException {
        this.target = target;
        threads.execute(this::serve);
    }

    /** Changes one in so many answers from now on; none if zero. */
    void mutate(long newSeed, int newOneIn) {
        seed = newSeed;
        oneIn = newOneIn;
        times.clear();
    }

    /** Replaces a text in headers: an address that leads past the proxy. */
    void replace(String text, String by) {
        replaced.put(text, by);
    }

    URI address(String host) {
        return URI.create("http://" + host + ":" + socket.getLocalPort());
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                threads.execute(() -> answer(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void answer(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            String request = head(client.getInputStream());
            if (request.isEmpty()) {
                return;
            }
            String alone = request.replaceFirst("(?i)\r\nConnection:[^\r]*", "")
                    .replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
            server.getOutputStream().write(alone.getBytes(StandardCharsets.ISO_8859_1));
            String head = head(server.getInputStream());
            for (Map.Entry<String, String> each : replaced.entrySet()) {
                head = head.replace(each.getKey(), each.getValue());
            }
            RawAnswer answer = new RawAnswer(head, server.getInputStream().readAllBytes());
            int time =
                    times.computeIfAbsent(request, key -> new AtomicInteger()).getAndIncrement();
            AnswerMutator mutator = new AnswerMutator(seed ^ request.hashCode() ^ 31L * time);
            if (oneIn > 0 && mutator.isChosen(oneIn)) {
                mutator.mutate(answer);
            }
            answer.send(client.getOutputStream());
        } catch (IOException e) {
            // the client has gone, which is its right
        }
    }

    /** Everything up to the first empty line; empty at the end of the stream. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}

package io.github.moshivis.server.realtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A host of pictures on loopback, for tests. It sends the first byte of each picture, and the others once it is let. */
final class PictureHost implements AutoCloseable {
    /** Opened by the test: the rest of all pictures is sent. */
    final CountDownLatch rest = new CountDownLatch(1);
    /** Set once a client has asked for a picture. */
    volatile boolean asked;
    /** Opened when a client has gone before its picture was whole. */
    final CountDownLatch deserted = new CountDownLatch(1);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    private final byte[] picture;

    PictureHost(byte[] picture) throws IOException {
        this.picture = picture;
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        asked = true;
        try (exchange;
                OutputStream body = exchange.getResponseBody()) {
            exchange.sendResponseHeaders(200, 0);
            body.write(picture, 0, 1);
            body.flush();
            rest.await();
            body.write(picture, 1, picture.length - 1);
        } catch (IOException e) {
            deserted.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The host's name and port, as the server's operator allows it. */
    String authority() {
        return "localhost:" + server.getAddress().getPort();
    }

    /** The address of a picture. */
    String address() {
        return "http://" + authority() + "/picture.png";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

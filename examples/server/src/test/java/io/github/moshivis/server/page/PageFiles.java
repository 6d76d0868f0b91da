package io.github.moshivis.server.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The page's files and those of its tests, under the strictest policy the page works with, without the server's back end. */
final class PageFiles implements AutoCloseable {
    static final String POLICY = "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'";

    private static final String CONFIGURATION =
            "{\"image\":\"optional\",\"token\":true,\"maxImageBytes\":8000000,\"maxDurationSeconds\":300}";
    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript", "css", "text/css", "html", "text/html; charset=utf-8", "svg", "image/svg+xml");
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final HttpServer server;

    /** Serves the page as to a model with vision. */
    PageFiles() {
        this(CONFIGURATION);
    }

    /** Serves the page with what the server would tell it of itself: a JSON document. */
    PageFiles(String configuration) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(
                "/",
                exchange -> serve(exchange, "/web" + exchange.getRequestURI().getPath()));
        server.createContext(
                "/page-tests",
                exchange -> serve(exchange, exchange.getRequestURI().getPath()));
        server.createContext("/api/config", exchange -> answer(exchange, OK, "application/json", bytes(configuration)));
        server.createContext("/api/rating", exchange -> answer(exchange, OK, "text/plain", new byte[0]));
        server.start();
    }

    String address() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    private static void serve(HttpExchange exchange, String path) throws IOException {
        String resource = path.endsWith("/") ? path + "index.html" : path;
        String type = TYPES.getOrDefault(resource.substring(resource.lastIndexOf('.') + 1), "text/plain");
        try (InputStream file = PageFiles.class.getResourceAsStream(resource)) {
            if (file == null) {
                answer(exchange, NOT_FOUND, "text/plain", bytes("No " + resource));
            } else {
                answer(exchange, OK, type, file.readAllBytes());
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

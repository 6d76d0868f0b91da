package io.github.moshivis.client;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** WebSocket address of a server. */
final class ServerAddress {
    private static final Set<String> SECURE = Set.of("https", "wss");
    private static final Set<String> OPEN = Set.of("http", "ws");

    private ServerAddress() {}

    /**
     * Parses an address.
     *
     * @param server address of the server's page as in a browser, with or without path and query; https if no scheme is given
     * @return {@code ws} or {@code wss}, host, port and path; without a query
     * @throws IllegalArgumentException if it is invalid
     */
    static URI chat(String server) {
        URI uri;
        try {
            uri = URI.create(server.contains("://") ? server.strip() : "https://" + server.strip());
        } catch (IllegalArgumentException e) {
            throw bad(server, e.getMessage(), e);
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!SECURE.contains(scheme) && !OPEN.contains(scheme)) {
            throw bad(server, "scheme " + scheme, null);
        }
        if (uri.getHost() == null) {
            throw bad(server, "no host name", null);
        }
        String path = uri.getRawPath().replaceFirst("/+$", "");
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return URI.create((SECURE.contains(scheme) ? "wss://" : "ws://")
                + uri.getHost()
                + port
                + (path.endsWith(Message.PATH) ? path : path + Message.PATH));
    }

    /** Returns the address with a query. */
    static URI with(URI chat, String query) {
        return query.isEmpty() ? chat : URI.create(chat + "?" + query);
    }

    private static IllegalArgumentException bad(String server, String found, Exception cause) {
        return new IllegalArgumentException(
                "Cannot use \"" + server + "\" as a server's address: found " + found
                        + ", expected the like of https://host:8998 or ws://localhost:8008/api/chat. Correct it",
                cause);
    }
}

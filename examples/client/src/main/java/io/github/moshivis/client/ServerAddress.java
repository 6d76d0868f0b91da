package io.github.moshivis.client;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** Address at which a server takes conversations. */
final class ServerAddress {
    /** The path of all servers. */
    private static final String CHAT = "/api/chat";

    private static final Set<String> SECURE = Set.of("https", "wss");
    private static final Set<String> OPEN = Set.of("http", "ws");

    private ServerAddress() {}

    /**
     * The WebSocket's address of a server.
     *
     * @param server its page's address as a browser has it, with or without the path and a query; https if no scheme is given
     * @return {@code ws} or {@code wss}, host, port and path; without a query
     * @throws IllegalArgumentException if it is no such address
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
                + (path.endsWith(CHAT) ? path : path + CHAT));
    }

    /** The address with a query. */
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

package io.github.moshivis.server.chat;

import io.github.moshivis.server.log.Events;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.WebSocketCreator;

/** The door of {@code /api/chat}: looks at each connection before its upgrade, and lets it in or says why not. */
public final class ChatEndpoint implements WebSocketCreator {
    private static final String BEARER = "bearer ";

    private final ChatRoom room;
    private final GateOptions options;
    private final RateLimiter limiter;

    /**
     * Creates the door.
     *
     * @param room where it leads
     * @param options who may pass
     */
    public ChatEndpoint(ChatRoom room, GateOptions options) {
        this.room = room;
        this.options = options;
        this.limiter = new RateLimiter(options.perMinute());
    }

    @Override
    public Object createWebSocket(ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
        try {
            String address = Request.getRemoteAddr(request);
            if (!limiter.allows(address, room.now())) {
                response.getHeaders().put(HttpHeader.RETRY_AFTER, 60L / options.perMinute() + 1);
                throw new RefusedException(
                        Refusal.RATE, "Too many connections from this address. Try again in a minute");
            }
            Map<String, List<String>> parameters = parameters(request);
            check(request, parameters);
            Query query = Query.of(parameters, room.options());
            response.setExtensions(List.of()); // sound and pictures are compressed already
            Events.of("connection").with("address", address).log();
            return new ChatSocket(room, query);
        } catch (BadQueryException e) {
            refuse(request, response, callback, new RefusedException(Refusal.BAD_QUERY, e.getMessage()));
        } catch (RefusedException e) {
            refuse(request, response, callback, e);
        }
        return null;
    }

    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Refusal why;

        RefusedException(Refusal why, String message) {
            super(message);
            this.why = why;
        }
    }

    private void refuse(Request request, Response response, Callback callback, RefusedException refused) {
        room.metrics().rejected.add(refused.why.label());
        Events.of("refused")
                .with("address", Request.getRemoteAddr(request))
                .with("why", refused.why.label())
                .with("reason", refused.getMessage())
                .log();
        response.setStatus(refused.why.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        response.write(true, StandardCharsets.UTF_8.encode(refused.getMessage() + "\n"), callback);
    }

    private void check(Request request, Map<String, List<String>> parameters) throws RefusedException {
        if (room.isStopping()) {
            throw new RefusedException(Refusal.STOPPING, Reasons.STOPPING);
        }
        if (!room.isOpen()) {
            throw new RefusedException(Refusal.NOT_READY, "The model is being loaded. Connect again in a minute");
        }
        if (room.callers() >= options.mostConnections()) {
            throw new RefusedException(
                    Refusal.FULL,
                    "Too many connections: found " + options.mostConnections() + ". Try again in a minute");
        }
        if (!isOriginAllowed(request)) {
            throw new RefusedException(
                    Refusal.ORIGIN,
                    "Pages of this origin may not connect. Open the server's own page, or start it with --origin");
        }
        if (!hasToken(request, parameters)) {
            throw new RefusedException(
                    Refusal.TOKEN, "No valid token: expected the header Authorization: Bearer, or the parameter token");
        }
    }

    /** Browsers send an origin, of which they are sure; programs need not, and could lie. */
    private boolean isOriginAllowed(Request request) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin == null || options.origins().contains("*")) {
            return true;
        }
        String plain = origin.toLowerCase(Locale.ROOT);
        if (options.origins().contains(plain)) {
            return true;
        }
        try {
            String host = request.getHeaders().get(HttpHeader.HOST);
            return host != null && host.equalsIgnoreCase(URI.create(plain).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean hasToken(Request request, Map<String, List<String>> parameters) {
        if (options.token().isEmpty()) {
            return true;
        }
        List<String> shown = new ArrayList<>(parameters.getOrDefault("token", List.of()));
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (header != null && header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            shown.add(header.substring(BEARER.length()).strip());
        }
        byte[] expected = options.token().get().getBytes(StandardCharsets.UTF_8);
        boolean valid = false;
        for (String token : shown) {
            valid |= MessageDigest.isEqual(
                    token.getBytes(StandardCharsets.UTF_8), expected); // takes the same time for all
        }
        return valid;
    }

    private static Map<String, List<String>> parameters(Request request) {
        Map<String, List<String>> parameters = new HashMap<>();
        try {
            for (Fields.Field field : Request.extractQueryParameters(request)) {
                parameters.put(field.getName(), field.getValues());
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new BadQueryException("Cannot read the query: found " + e.getMessage()
                    + ", expected parameters in UTF-8, percent-encoded. Correct it");
        }
        return parameters;
    }
}

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
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/** Access checks of all protocols, for each connection before it is accepted. Thread-safe. */
public final class Gate {
    private static final String BEARER = "bearer ";

    /** Browsers cannot set headers on a WebSocket; the OpenAI client for them puts its key into a subprotocol. */
    private static final String KEY_PROTOCOL = "openai-insecure-api-key.";

    /** Token header of clients of the reference's speech to text. */
    private static final String ASR_HEADER = "kyutai-api-key";

    private static final String ASR_PARAMETER = "auth_id";

    private final ChatRoom room;
    private final GateOptions options;
    private final RateLimiter limiter;
    private final int mostConnections;

    /**
     * Creates the gate.
     *
     * @param room the room behind the gate
     * @param options access rules
     */
    public Gate(ChatRoom room, GateOptions options) {
        this.room = room;
        this.options = options;
        this.limiter = new RateLimiter(options.perMinute());
        this.mostConnections = Math.min(options.mostConnections(), Descriptors.part(2));
    }

    /** A connection is refused; the message is for the caller. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Refusal why;

        RefusedException(Refusal why, String message) {
            super(message);
            this.why = why;
        }

        Refusal why() {
            return why;
        }

        /**
         * Returns the status of an answer over HTTP.
         *
         * @return 4xx or 5xx
         */
        public int status() {
            return why.status();
        }
    }

    /**
     * Checks a request for an upgrade.
     *
     * @param request the request
     * @param withToken whether it must send the token, if one is set
     * @return its parameters, decoded
     * @throws RefusedException if it may not pass
     * @throws BadQueryException if its query cannot be read
     */
    Map<String, List<String>> pass(Request request, boolean withToken) throws RefusedException {
        demandTurn(Request.getRemoteAddr(request));
        Map<String, List<String>> parameters = parameters(request);
        if (!isOriginAllowed(request)) {
            throw new RefusedException(
                    Refusal.ORIGIN,
                    "Pages of this origin may not connect. Open the server's own page, or start the server with --origin; behind a proxy"
                            + " with https, also with --forwarded");
        }
        if (withToken && !isToken(shownTokens(request, parameters))) {
            throw new RefusedException(
                    Refusal.TOKEN, "No valid token: expected the header Authorization: Bearer, or the parameter token");
        }
        demandRoom(Request.getRemoteAddr(request));
        return parameters;
    }

    /**
     * Checks a request that sends its token.
     *
     * @param request the request
     * @throws RefusedException if it may not pass
     * @throws BadQueryException if its query cannot be read
     */
    public void pass(Request request) throws RefusedException {
        pass(request, true);
    }

    /**
     * Checks a connection of any kind: the number of all connections, and the rate of its address.
     *
     * @param address the caller's
     * @throws RefusedException if it may not pass
     */
    public void pass(String address) throws RefusedException {
        demandTurn(address);
        demandRoom(address);
    }

    private void demandTurn(String address) throws RefusedException {
        if (!limiter.allows(address, room.now())) {
            throw new RefusedException(Refusal.RATE, "Too many connections from this address. Try again in a minute");
        }
        if (room.isStopping()) {
            throw new RefusedException(Refusal.STOPPING, Reasons.STOPPING);
        }
        if (!room.isOpen()) {
            throw new RefusedException(Refusal.NOT_READY, "The model is being loaded. Connect again in a minute");
        }
    }

    /** Of too many connections, one that is silent gives way: whoever opens many must not keep out those who talk. */
    private void demandRoom(String address) throws RefusedException {
        if (room.callers() >= mostConnections && !room.makesRoom()) {
            throw new RefusedException(
                    Refusal.FULL, "Too many connections: found " + mostConnections + ". Try again in a minute");
        }
        Events.of("connection").with("address", address).log();
    }

    /**
     * Counts and logs a refusal.
     *
     * @param address the caller's
     * @param refused the reason
     */
    public void refused(String address, RefusedException refused) {
        room.metrics().rejected.add(refused.why.label());
        Events.of("refused")
                .with("address", address)
                .with("why", refused.why.label())
                .with("reason", refused.getMessage())
                .log();
    }

    /** Returns the time after which a limited address may try again. */
    long retryAfterSeconds() {
        return 60L / options.perMinute() + 1;
    }

    /** Browsers always send the true origin; other programs need not send one, and could send a false one. */
    private boolean isOriginAllowed(Request request) {
        List<String> origins = request.getHeaders().getFields(HttpHeader.ORIGIN).stream()
                .map(HttpField::getValue)
                .toList();
        if (origins.isEmpty() || options.origins().contains("*")) {
            return true;
        }
        if (origins.size() > 1) {
            return false; // no browser sends two
        }
        String plain = origins.get(0).toLowerCase(Locale.ROOT);
        return options.origins().contains(plain) || isOwnPage(request, plain);
    }

    private static boolean isOwnPage(Request request, String origin) {
        try {
            URI page = URI.create(origin);
            String host = request.getHeaders().get(HttpHeader.HOST);
            return host != null
                    && host.equalsIgnoreCase(page.getRawAuthority())
                    && request.getHttpURI().getScheme().equalsIgnoreCase(page.getScheme());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Returns whether a request addresses this server by one of its names.
     *
     * @param request any request
     * @return true also if the server has no list of names
     */
    public boolean isHostAccepted(Request request) {
        if (options.hosts().isEmpty()) {
            return true;
        }
        String host = Request.getServerName(request);
        return host != null
                && options.hosts()
                        .contains(host.toLowerCase(Locale.ROOT)
                                .replaceAll("^\\[|]$", "")
                                .replaceFirst("\\.$", ""));
    }

    /**
     * Returns whether a request sends the token.
     *
     * @param request any request
     * @return true also if the server asks for none
     */
    public boolean showsToken(Request request) {
        try {
            return isToken(shownTokens(request, parameters(request)));
        } catch (BadQueryException e) {
            return false;
        }
    }

    private static List<String> shownTokens(Request request, Map<String, List<String>> parameters) {
        List<String> shown = new ArrayList<>(parameters.getOrDefault("token", List.of()));
        shown.addAll(parameters.getOrDefault(ASR_PARAMETER, List.of()));
        shown.addAll(request.getHeaders().getValuesList(ASR_HEADER));
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (header != null && header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            shown.add(header.substring(BEARER.length()).strip());
        }
        for (String protocol : request.getHeaders().getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, false)) {
            if (protocol.startsWith(KEY_PROTOCOL)) {
                shown.add(protocol.substring(KEY_PROTOCOL.length()));
            }
        }
        return shown;
    }

    /**
     * Returns whether callers must send a token.
     *
     * @return true if there is one
     */
    public boolean asksForToken() {
        return options.token().isPresent();
    }

    /**
     * Returns whether one of the texts is the access token.
     *
     * @param shown texts sent by the client
     * @return true also if the server asks for none
     */
    public boolean isToken(List<String> shown) {
        if (options.token().isEmpty()) {
            return true;
        }
        byte[] expected = options.token().get().getBytes(StandardCharsets.UTF_8);
        boolean valid = false;
        for (String token : shown) {
            valid |= MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), expected); // constant time
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

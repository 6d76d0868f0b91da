package io.github.moshivis.server.http;

import io.github.moshivis.server.chat.ChatRoom;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers what orchestrators, monitoring and pages ask: whether the server lives, can take callers, what was counted, what it offers. */
final class StatusHandler extends Handler.Abstract.NonBlocking {
    private static final String JSON = "application/json";

    private final ChatRoom room;
    private final boolean token;
    private final boolean nano;
    private final Set<String> protocols;

    /**
     * Creates the handler.
     *
     * @param room whose state it tells
     * @param token whether callers have to show a token
     * @param protocols the paths at which WebSockets are taken
     * @param nano whether the page shows the scenes and questions of the nano model
     */
    StatusHandler(ChatRoom room, boolean token, Set<String> protocols, boolean nano) {
        this.room = room;
        this.token = token;
        this.protocols = Set.copyOf(protocols);
        this.nano = nano;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        switch (Request.getPathInContext(request)) {
            case "/healthz" -> answer(request, response, callback, HttpStatus.OK_200, JSON, "{\"status\":\"ok\"}");
            case "/readyz" -> ready(request, response, callback);
            case "/metrics" ->
                answer(
                        request,
                        response,
                        callback,
                        HttpStatus.OK_200,
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics());
            case "/api/config" ->
                answer(request, response, callback, HttpStatus.OK_200, JSON, room.config(token, nano));
            default -> {
                if (!protocols.contains(Request.getPathInContext(request))) {
                    return false;
                }
                response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
                answer(
                        request,
                        response,
                        callback,
                        HttpStatus.UPGRADE_REQUIRED_426,
                        "text/plain",
                        "This is for WebSocket connections. Open the server's page, or use a client\n");
            }
        }
        return true;
    }

    /** Ready is who takes callers; with {@code ?free=1}, who need not let them wait. */
    private void ready(Request request, Response response, Callback callback) {
        boolean open = room.isOpen();
        int free = open ? room.freeSlots() : 0;
        boolean asked = "1".equals(Request.extractQueryParameters(request).getValue("free"));
        boolean ready = open && (!asked || free > 0);
        String body = "{\"ready\":" + ready + ",\"freeSlots\":" + free + ",\"queue\":" + room.queueLength() + "}";
        answer(request, response, callback, ready ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503, JSON, body);
    }

    private String metrics() {
        return "# HELP moshivis_ready Whether callers are taken.\n# TYPE moshivis_ready gauge\nmoshivis_ready "
                + (room.isOpen() ? 1 : 0) + "\n" + room.metricsText();
    }

    private static void answer(
            Request request, Response response, Callback callback, int status, String type, String body) {
        boolean reads = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        response.setStatus(reads ? status : HttpStatus.METHOD_NOT_ALLOWED_405);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        String text = reads ? body : "Only GET is possible here\n";
        response.write(true, StandardCharsets.UTF_8.encode(text), callback);
    }
}

package io.github.moshivis.server.http;

import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.Gate;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Liveness, readiness, metrics and configuration, for orchestrators, monitoring and pages. */
final class StatusHandler extends Handler.Abstract.NonBlocking {
    private final ChatRoom room;
    private final Gate gate;
    private final Set<String> protocols;

    /**
     * Creates the handler.
     *
     * @param room the room whose state is reported
     * @param gate checks the token
     * @param protocols paths of WebSockets
     */
    StatusHandler(ChatRoom room, Gate gate, Set<String> protocols) {
        this.room = room;
        this.gate = gate;
        this.protocols = Set.copyOf(protocols);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        switch (path) {
            case "/healthz" ->
                answer(request, response, callback, HttpStatus.OK_200, Answers.JSON, "{\"status\":\"ok\"}");
            case "/readyz" -> ready(request, response, callback);
            case "/metrics" -> metrics(request, response, callback);
            default -> {
                if (!protocols.contains(path)) {
                    return false;
                }
                response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
                answer(
                        request,
                        response,
                        callback,
                        HttpStatus.UPGRADE_REQUIRED_426,
                        "text/plain",
                        Answers.ONLY_WEBSOCKET + "\n");
            }
        }
        return true;
    }

    /** The server is ready if it accepts callers; with {@code ?free=1}, if it also has a free slot. */
    private void ready(Request request, Response response, Callback callback) {
        boolean open = room.isOpen();
        int free = open ? room.freeSlots() : 0;
        boolean asked = "1".equals(Request.extractQueryParameters(request).getValue("free"));
        boolean ready = open && (!asked || free > 0);
        String body = "{\"ready\":" + ready + ",\"freeSlots\":" + free + ",\"queue\":" + room.queueLength() + "}";
        answer(
                request,
                response,
                callback,
                ready ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503,
                Answers.JSON,
                body);
    }

    /** Metrics need the token, like callers. */
    private void metrics(Request request, Response response, Callback callback) {
        if (gate.showsToken(request)) {
            String type = "text/plain; version=0.0.4; charset=utf-8";
            answer(request, response, callback, HttpStatus.OK_200, type, metrics());
        } else {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            answer(request, response, callback, HttpStatus.UNAUTHORIZED_401, "text/plain", "Show the server's token\n");
        }
    }

    private String metrics() {
        return "# HELP moshivis_ready Whether callers are taken.\n# TYPE moshivis_ready gauge\nmoshivis_ready "
                + (room.isOpen() ? 1 : 0) + "\n" + room.metricsText();
    }

    private static void answer(
            Request request, Response response, Callback callback, int status, String type, String body) {
        boolean reads = Answers.isReading(request);
        Answers.send(
                response,
                callback,
                reads ? status : HttpStatus.METHOD_NOT_ALLOWED_405,
                type,
                reads ? body : Answers.ONLY_GET + "\n");
    }
}

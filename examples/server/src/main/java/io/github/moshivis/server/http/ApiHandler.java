package io.github.moshivis.server.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.server.chat.ChatRoom;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * Answers below {@value #PREFIX} other than WebSockets, all in JSON including errors: the configuration of pages, and the three calls of
 * the queue of the reference's page ({@code client/src/pages/Queue} of kyutai-labs/moshivis).
 */
final class ApiHandler extends Handler.Abstract.NonBlocking {
    static final String PREFIX = "/api/";

    /** Address by which the reference's page means its own server. */
    private static final String SAME_SERVER = "same";

    private static final int MAX_ID_DIGITS = 18;

    private final ChatRoom room;
    private final Supplier<String> config;
    private final Set<String> protocols;
    private final Dispatcher dispatcher;

    /**
     * Creates the handler.
     *
     * @param room the callers in the same queue
     * @param config the configuration of pages, a JSON document
     * @param protocols paths of WebSockets
     */
    ApiHandler(ChatRoom room, Supplier<String> config, Set<String> protocols) {
        this.room = room;
        this.config = config;
        this.protocols = Set.copyOf(protocols);
        this.dispatcher =
                new Dispatcher(() -> room.isOpen() ? room.freeSlots() : 0, room::queueLength, System::nanoTime);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        if (!path.startsWith(PREFIX)) {
            return false;
        }
        if (!Answers.isReading(request)) {
            Answers.error(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, Answers.ONLY_GET);
            return true;
        }
        try {
            answer(path, request, response, callback);
        } catch (IllegalArgumentException | IllegalStateException e) {
            Answers.error(
                    response,
                    callback,
                    HttpStatus.BAD_REQUEST_400,
                    "Cannot read the query: found " + e.getMessage()
                            + ", expected parameters in UTF-8, percent-encoded. Correct it");
        }
        return true;
    }

    private void answer(String path, Request request, Response response, Callback callback) {
        switch (path) {
            case "/api/config" -> Answers.send(response, callback, HttpStatus.OK_200, Answers.JSON, config.get());
            case "/api/add_user" -> addUser(response, callback);
            case "/api/check_user" -> checkUser(request, response, callback);
            case "/api/user_feedback" -> feedback(request, response, callback);
            default -> nothing(path, response, callback);
        }
    }

    private void nothing(String path, Response response, Callback callback) {
        if (protocols.contains(path)) {
            response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
            Answers.error(response, callback, HttpStatus.UPGRADE_REQUIRED_426, Answers.ONLY_WEBSOCKET);
        } else {
            Answers.error(response, callback, HttpStatus.NOT_FOUND_404, "There is no such call");
        }
    }

    private void addUser(Response response, Callback callback) {
        Optional<Dispatcher.Place> place = dispatcher.add();
        if (place.isEmpty()) {
            Answers.error(
                    response,
                    callback,
                    HttpStatus.SERVICE_UNAVAILABLE_503,
                    "Too many people wait. Try again in a minute");
            return;
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("session_id", place.get().id());
        body.put("session_auth_id", place.get().auth());
        Answers.send(response, callback, HttpStatus.OK_200, Answers.JSON, body.toString());
    }

    private void checkUser(Request request, Response response, Callback callback) {
        Fields query = Request.extractQueryParameters(request);
        long id = session(query);
        String auth = query.getValue("session_auth_id");
        Optional<Dispatcher.Turn> turn = dispatcher.check(id, auth);
        if (turn.isEmpty()) {
            Answers.error(
                    response, callback, HttpStatus.NOT_FOUND_404, "There is no such session. Load the page again");
            return;
        }
        boolean ready = turn.get().ready();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("session_id", id);
        body.put("status", ready ? "ready" : "wait");
        body.put("worker_auth_id", ready ? auth : null);
        body.put("worker_addr", ready ? SAME_SERVER : null);
        body.put("current_position", Integer.toString(turn.get().position()));
        Answers.send(response, callback, HttpStatus.OK_200, Answers.JSON, body.toString());
    }

    /** Returns the number of a session; 0, which none has, if there is no number. */
    private static long session(Fields query) {
        String id = String.valueOf(query.getValue("session_id"));
        return id.matches("\\d{1," + MAX_ID_DIGITS + "}") ? Long.parseLong(id) : 0;
    }

    private void feedback(Request request, Response response, Callback callback) {
        Fields query = Request.extractQueryParameters(request);
        String feedback = String.valueOf(query.getValue("feedback"));
        if (!feedback.matches("[01]")) {
            Answers.error(
                    response, callback, HttpStatus.BAD_REQUEST_400, "Cannot use feedback: expected 0 or 1. Correct it");
            return;
        }
        if (!dispatcher.rates(session(query), query.getValue("session_auth_id"))) {
            Answers.error(
                    response, callback, HttpStatus.NOT_FOUND_404, "There is no session of which feedback is missing");
            return;
        }
        room.feedback(feedback.equals("1"));
        Answers.send(response, callback, HttpStatus.OK_200, Answers.JSON, "{\"status\":\"ok\"}");
    }
}

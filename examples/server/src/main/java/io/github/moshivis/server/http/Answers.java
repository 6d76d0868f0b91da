package io.github.moshivis.server.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Short HTTP responses that are never cached. */
final class Answers {
    static final String JSON = "application/json";

    private static final String A_YEAR = "max-age=31536000";

    /** Message for methods other than GET. */
    static final String ONLY_GET = "Only GET is possible here";

    /** Message for a plain request at a WebSocket path. */
    static final String ONLY_WEBSOCKET = "This is for WebSocket connections. Open the server's page, or use a client";

    private Answers() {}

    /** Returns whether a request is GET or HEAD. */
    static boolean isReading(Request request) {
        return HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
    }

    /** Sets the headers of all responses. */
    static void protect(Request request, Response response) {
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        if (request.isSecure() || request.getConnectionMetaData().isSecure()) { // malformed requests have no scheme
            response.getHeaders().put(HttpHeader.STRICT_TRANSPORT_SECURITY, A_YEAR);
        }
    }

    static void send(Response response, Callback callback, int status, String type, String body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.write(true, StandardCharsets.UTF_8.encode(body), callback);
    }

    /** Responds with an error as JSON. */
    static void error(Response response, Callback callback, int status, String reason) {
        String body = JsonNodeFactory.instance.objectNode().put("error", reason).toString();
        send(response, callback, status, JSON, body);
    }
}

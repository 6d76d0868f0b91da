package io.github.moshivis.server.http;

import io.github.moshivis.server.chat.Gate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** First handler of all requests: refuses unknown host names and malformed addresses, and sets the headers of all responses. */
final class RequestGuard extends Handler.Wrapper {
    private final Gate gate;
    private final SilentConnections connections;

    /**
     * Creates the guard.
     *
     * @param gate knows the accepted hosts
     * @param connections limits silent connections
     * @param handler the next handler
     */
    RequestGuard(Gate gate, SilentConnections connections, Handler handler) {
        super(handler);
        this.gate = gate;
        this.connections = connections;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        connections.speaks(request);
        Answers.protect(request, response);
        if (request.getHeaders().contains(HttpHeader.UPGRADE) && !isAddress(request.getHttpURI())) {
            Answers.error(
                    response,
                    callback,
                    HttpStatus.BAD_REQUEST_400,
                    "The address has a character that must be percent-encoded");
            return true;
        }
        if (gate.isHostAccepted(request)) {
            return super.handle(request, response, callback);
        }
        Answers.send(
                response,
                callback,
                HttpStatus.MISDIRECTED_REQUEST_421,
                "text/plain;charset=utf-8",
                "This server is not known by that name. Open it by the address that it printed, or start it with"
                        + " --accept-host\n");
        return true;
    }

    /** Tells whether an address is one for Jetty's WebSockets, which are stricter than its other handlers. */
    private static boolean isAddress(HttpURI address) {
        try {
            address.toURI();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

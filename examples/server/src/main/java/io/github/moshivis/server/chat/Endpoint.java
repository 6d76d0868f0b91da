package io.github.moshivis.server.chat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.moshivis.client.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.WebSocketCreator;

/** Upgrades connections of one protocol: accepts those that the gate lets pass, and answers others with the reason. */
public final class Endpoint implements WebSocketCreator {
    private final Gate gate;
    private final Protocol protocol;

    /**
     * Creates an endpoint.
     *
     * @param gate access rules
     * @param protocol protocol of accepted connections
     */
    public Endpoint(Gate gate, Protocol protocol) {
        this.gate = gate;
        this.protocol = protocol;
    }

    @Override
    public Object createWebSocket(ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
        String address = Request.getRemoteAddr(request);
        try {
            Map<String, List<String>> parameters = gate.pass(request, !protocol.showsTokenLater());
            Object socket = protocol.socket(request, response, parameters);
            response.setExtensions(List.of()); // audio and pictures are already compressed
            return socket;
        } catch (BadQueryException e) {
            refuse(address, response, callback, new Gate.RefusedException(Refusal.BAD_QUERY, e.getMessage()));
        } catch (Gate.RefusedException e) {
            refuse(address, response, callback, e);
        }
        return null;
    }

    private void refuse(String address, Response response, Callback callback, Gate.RefusedException refused) {
        gate.refused(address, refused);
        if (refused.why() == Refusal.RATE) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, gate.retryAfterSeconds());
        }
        response.getHeaders().put(Message.REASON_HEADER, refused.getMessage().replaceAll("[^\\x20-\\x7e]", "?"));
        response.setStatus(refused.why().status());
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        String body = JsonNodeFactory.instance
                .objectNode()
                .put("error", refused.getMessage())
                .toString();
        response.write(true, StandardCharsets.UTF_8.encode(body), callback);
    }
}

package io.github.moshivis.server.chat;

import java.util.List;
import java.util.Map;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;

/** A WebSocket protocol: creates the socket of each connection that the {@link Gate} accepts. */
@FunctionalInterface
public interface Protocol {
    /**
     * Creates a socket.
     *
     * @param request the upgrade
     * @param response the response, for headers
     * @param parameters of the query, decoded
     * @return an object with Jetty's listener methods
     * @throws BadQueryException if a parameter cannot be used
     */
    Object socket(ServerUpgradeRequest request, ServerUpgradeResponse response, Map<String, List<String>> parameters);

    /**
     * Returns whether the client sends its token in a protocol message instead of in the upgrade request.
     *
     * @return true if the socket checks {@link Gate#isToken} itself
     */
    default boolean showsTokenLater() {
        return false;
    }

    /** Returns the reference's protocol, at {@code /api/chat}. */
    static Protocol reference(ChatRoom room) {
        return (request, response, parameters) -> new ChatSocket(room, room.query(parameters));
    }
}

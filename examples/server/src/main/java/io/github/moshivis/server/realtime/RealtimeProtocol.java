package io.github.moshivis.server.realtime;

import io.github.moshivis.server.chat.BadQueryException;
import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.Protocol;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;

/** Protocol at {@code /v1/realtime}. */
public final class RealtimeProtocol implements Protocol {
    private static final String SUBPROTOCOL = "realtime";
    private static final String BETA_SUBPROTOCOL = "openai-beta.realtime-v1";

    private final ChatRoom room;
    private final ImageUrls urls;

    /**
     * Creates the protocol.
     *
     * @param room room of the callers
     * @param urls loads pictures
     */
    public RealtimeProtocol(ChatRoom room, ImageUrls urls) {
        this.room = room;
        this.urls = urls;
    }

    @Override
    public Object socket(
            ServerUpgradeRequest request, ServerUpgradeResponse response, Map<String, List<String>> parameters) {
        if (request.hasSubProtocol(SUBPROTOCOL)) {
            response.setAcceptedSubProtocol(SUBPROTOCOL);
        }
        String header = request.getHeaders().get("OpenAI-Beta");
        boolean beta = header != null && header.contains("realtime=v1") || request.hasSubProtocol(BETA_SUBPROTOCOL);
        try {
            return new RealtimeSocket(room, urls, beta ? Dialect.BETA : Dialect.GA, parameters);
        } catch (BadEventException e) {
            throw new BadQueryException(e.getMessage());
        }
    }
}

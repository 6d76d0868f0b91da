package io.github.moshivis.server.telephone;

import io.github.moshivis.server.chat.Protocol;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;

/** Protocol of one carrier's media streams. Carriers cannot set headers: the token is a parameter of
 * the stream, or, where the carrier keeps the query of its address, a parameter of that. */
public final class MediaStreams implements Protocol {
    private final TelephoneOptions options;
    private final Carrier carrier;

    /**
     * Creates the protocol.
     *
     * @param options settings shared by all calls
     * @param carrier the carrier
     */
    public MediaStreams(TelephoneOptions options, Carrier carrier) {
        this.options = options;
        this.carrier = carrier;
    }

    @Override
    public Object socket(
            ServerUpgradeRequest request, ServerUpgradeResponse response, Map<String, List<String>> parameters) {
        return new MediaStreamSocket(options, carrier, parameters.getOrDefault("token", List.of()));
    }

    @Override
    public boolean showsTokenLater() {
        return true;
    }
}

package io.github.moshivis.server;

import io.github.moshivis.io.Image;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Options of the additional protocols.
 *
 * @param imageHosts hosts whose pictures are fetched for {@code /v1/realtime}
 * @param telephonePicture picture for telephone calls, in encoded form; empty for none
 * @param audioSocket the address on which the server accepts Asterisk's AudioSocket connections; empty for none
 */
public record ProtocolOptions(
        Set<String> imageHosts, Optional<Image> telephonePicture, Optional<InetSocketAddress> audioSocket) {
    /** No pictures from hosts, none on the telephone, no AudioSocket. */
    public static final ProtocolOptions DEFAULT = new ProtocolOptions(Set.of(), Optional.empty(), Optional.empty());
}

package io.github.moshivis.server.chat;

import java.util.Optional;
import java.util.Set;

/**
 * Rules for connections.
 *
 * @param token what a client has to show; empty if nothing
 * @param origins pages of other sites that may connect, such as {@code https://example.org}; {@code *} for all
 * @param hosts names by which this server may be addressed, in lower case and without a port: a page of another name that was made to
 *     mean this machine (DNS rebinding) is refused; empty for any
 * @param mostConnections how many connections there may be
 * @param perMinute how many new connections one address may make in a minute
 */
public record GateOptions(
        Optional<String> token, Set<String> origins, Set<String> hosts, int mostConnections, int perMinute) {
    /**
     * Creates the options.
     *
     * @param token what a client has to show
     * @param origins pages of other sites, which are copied
     * @param hosts names of this server, which are copied
     * @param mostConnections how many connections
     * @param perMinute how many new ones
     */
    public GateOptions {
        origins = Set.copyOf(origins);
        hosts = Set.copyOf(hosts);
    }
}

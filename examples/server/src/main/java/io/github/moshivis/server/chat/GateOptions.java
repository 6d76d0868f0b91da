package io.github.moshivis.server.chat;

import java.util.Optional;
import java.util.Set;

/**
 * Access rules for connections.
 *
 * @param token token that a client must send; empty for none
 * @param origins other origins whose pages may connect, such as {@code https://example.org}; {@code *} for all
 * @param hosts accepted host names of this server, in lower case and without a port, against DNS rebinding; empty for any
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

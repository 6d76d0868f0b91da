package io.github.moshivis.server.http;

import io.github.moshivis.server.chat.Descriptors;
import io.github.moshivis.server.log.Events;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;

/**
 * Limits of connections that are not WebSockets: a number per address and in total, and a deadline for headers. A connection is silent from
 * its start, or the end of a request, to the next complete header; then it is busy until the response is sent, which its client may delay.
 * When there are too many, the one that has been silent or busy for longest is closed. WebSockets have their own limits. Thread-safe.
 */
public final class SilentConnections implements Connection.Listener {
    /** Maximum time for the header of a request. */
    static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final int MOST = 1000;

    private final int inAll;
    private final int perAddress;

    // Guarded by this.
    /** The one without a change for longest first. */
    private final Map<Connection, Phase> connections = new LinkedHashMap<>();

    private int closed;
    private String lastClosed;

    /** State of a connection since a time of {@link System#nanoTime}. */
    private record Phase(boolean silent, long since) {}

    /**
     * Limits of connections.
     *
     * @param inAll maximum number
     * @param perAddress maximum number per address
     */
    SilentConnections(int inAll, int perAddress) {
        this.inAll = inAll;
        this.perAddress = perAddress;
    }

    /**
     * Returns limits that leave most file descriptors of the process to calls.
     *
     * @param forwarded whether a proxy in front has one address for all
     * @return limits without connections
     */
    static SilentConnections within(boolean forwarded) {
        int inAll = Math.min(MOST, Descriptors.part(4));
        return new SilentConnections(inAll, forwarded ? inAll : inAll / 2);
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof ConnectionMetaData) { // speaks HTTP: no WebSocket, and not the TLS around it
            fallsSilent(connection);
        }
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        connections.remove(connection);
    }

    /** Called when a header is complete. The connection counts as silent again when the request is complete. */
    void speaks(Request request) {
        Connection connection = request.getConnectionMetaData().getConnection();
        synchronized (this) {
            if (connections.remove(connection) != null) { // not just closed
                connections.put(connection, new Phase(false, System.nanoTime()));
            }
        }
        Request.addCompletionListener(request, failure -> {
            EndPoint place = connection.getEndPoint();
            if (place.isOpen() && place.getConnection() == connection) {
                fallsSilent(connection);
            } else { // a WebSocket by now
                onClosed(connection);
            }
        });
    }

    private void fallsSilent(Connection connection) {
        Optional<Connection> tooMuch;
        synchronized (this) {
            connections.remove(connection);
            connections.put(connection, new Phase(true, System.nanoTime()));
            String address = address(connection);
            List<Connection> same = connections.keySet().stream()
                    .filter(other -> address(other).equals(address))
                    .toList();
            tooMuch = same.size() > perAddress
                    ? Optional.of(same.get(0))
                    : connections.size() > inAll ? connections.keySet().stream().findFirst() : Optional.empty();
            tooMuch.ifPresent(this::forget);
        }
        tooMuch.ifPresent(SilentConnections::close);
    }

    private void forget(Connection connection) {
        connections.remove(connection);
        closed++;
        lastClosed = address(connection);
    }

    /** Closes connections after their deadline, and logs how many were closed, in one line however many they are. */
    void tick() {
        try {
            closeLate();
            logClosed();
        } catch (RuntimeException | Error e) { // keep the clock running
            Events.of("silent-connections-failed").log(Level.ERROR, e);
        }
    }

    private void closeLate() {
        long now = System.nanoTime();
        List<Connection> late;
        synchronized (this) {
            late = connections.entrySet().stream()
                    .filter(entry ->
                            entry.getValue().silent() && now - entry.getValue().since() > DEADLINE.toNanos())
                    .map(Map.Entry::getKey)
                    .toList();
            late.forEach(this::forget);
        }
        late.forEach(SilentConnections::close);
    }

    private synchronized void logClosed() {
        if (closed > 0) {
            Events.of("silent-connections-closed")
                    .with("number", closed)
                    .with("last", lastClosed)
                    .log();
            closed = 0;
        }
    }

    /** Returns the maximum number of connections per address. */
    int perAddress() {
        return perAddress;
    }

    private static void close(Connection connection) {
        connection.getEndPoint().close();
    }

    private static String address(Connection connection) {
        SocketAddress remote = connection.getEndPoint().getRemoteSocketAddress();
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(remote);
    }
}

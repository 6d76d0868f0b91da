package io.github.moshivis.server.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.moshivis.server.log.Events;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
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
 * Limits of connections that send nothing, or their headers too slowly: a number per address and in total, and a deadline. A connection is
 * silent from its start, or the end of a request, to the next complete header; WebSockets have their own deadlines. When there are too
 * many, the one that has been silent for longest is closed. Thread-safe.
 */
public final class SilentConnections implements Connection.Listener {
    /** Maximum time for the header of a request. */
    static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final int MOST = 1000;

    private final int inAll;
    private final int perAddress;
    /** Times since when connections are silent, by {@link System#nanoTime}, the longest first. Guarded by this. */
    private final Map<Connection, Long> silent = new LinkedHashMap<>();

    /**
     * Limits of connections that are silent.
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
        long descriptors = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
        int inAll = (int) Math.max(8, Math.min(MOST, descriptors / 4));
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
        silent.remove(connection);
    }

    /** Called when a header is complete. The connection counts as silent again when the request is complete. */
    void speaks(Request request) {
        Connection connection = request.getConnectionMetaData().getConnection();
        synchronized (this) {
            silent.remove(connection);
        }
        Request.addCompletionListener(request, failure -> {
            EndPoint place = connection.getEndPoint();
            if (place.isOpen() && place.getConnection() == connection) { // not a WebSocket by now
                fallsSilent(connection);
            }
        });
    }

    private void fallsSilent(Connection connection) {
        Optional<Connection> tooMuch;
        synchronized (this) {
            silent.put(connection, System.nanoTime());
            String address = address(connection);
            List<Connection> same = silent.keySet().stream()
                    .filter(other -> address(other).equals(address))
                    .toList();
            tooMuch = same.size() > perAddress
                    ? Optional.of(same.get(0))
                    : silent.size() > inAll ? silent.keySet().stream().findFirst() : Optional.empty();
            tooMuch.ifPresent(silent::remove);
        }
        tooMuch.ifPresent(gone -> close(gone, "too-many"));
    }

    /** Closes connections after their deadline. */
    void tick() {
        try {
            closeLate();
        } catch (RuntimeException | Error e) { // keep the clock running
            Events.of("silent-connections-failed").log(Level.ERROR, e);
        }
    }

    private void closeLate() {
        long now = System.nanoTime();
        List<Connection> late;
        synchronized (this) {
            late = silent.entrySet().stream()
                    .filter(entry -> now - entry.getValue() > DEADLINE.toNanos())
                    .map(Map.Entry::getKey)
                    .toList();
            late.forEach(silent::remove);
        }
        late.forEach(connection -> close(connection, "too-slow"));
    }

    /** Returns the maximum number of silent connections per address. */
    int perAddress() {
        return perAddress;
    }

    private static void close(Connection connection, String why) {
        Events.of("silent-connection-closed")
                .with("address", address(connection))
                .with("why", why)
                .log();
        connection.getEndPoint().close();
    }

    private static String address(Connection connection) {
        SocketAddress remote = connection.getEndPoint().getRemoteSocketAddress();
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(remote);
    }
}

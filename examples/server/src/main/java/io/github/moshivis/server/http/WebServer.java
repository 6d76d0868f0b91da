package io.github.moshivis.server.http;

import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.Daemons;
import io.github.moshivis.server.chat.Endpoint;
import io.github.moshivis.server.chat.Gate;
import io.github.moshivis.server.chat.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** The embedded web server. */
public final class WebServer implements AutoCloseable {
    /** Requests and messages are short; more threads would only wait for processors. */
    private static final int MAX_THREADS = 64;

    /** Idle timeout of a connection. WebSockets have their own deadlines. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final int SMALL_FRAME = 64 << 10;

    private final Server server;
    private final ServerConnector connector;
    private final boolean secure;
    private final String host;
    private final SilentConnections silent;
    private final ScheduledExecutorService clock = Daemons.clock("moshivis-web-clock");

    /**
     * The address at which the server listens.
     *
     * @param host a name or an address of this machine
     * @param port 0 for any that is free
     * @param tls empty for plain HTTP
     * @param forwarded whether to trust a proxy's headers
     */
    public record Place(String host, int port, Optional<SSLContext> tls, boolean forwarded) {}

    /**
     * Creates a server that is not listening yet.
     *
     * @param place address to listen on
     * @param room room of the callers
     * @param gate access rules
     * @param page page to serve
     * @param protocols protocols by path
     * @param uploads handler of uploads
     */
    public WebServer(
            Place place, ChatRoom room, Gate gate, Page page, Map<String, Protocol> protocols, Handler uploads) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("moshivis-web");
        server = new Server(threads);
        secure = place.tls().isPresent();
        host = place.host();
        connector = new ServerConnector(server, factories(place));
        connector.setHost(place.host());
        connector.setPort(place.port());
        connector.setIdleTimeout(IDLE.toMillis());
        silent = SilentConnections.within(place.forwarded());
        connector.addBean(silent);
        server.addConnector(connector);
        server.setErrorHandler(new ErrorAnswers());
        WebSocketUpgradeHandler upgrade = WebSocketUpgradeHandler.from(server, container -> {
            container.setIdleTimeout(Duration.ZERO);
            container.setMaxFrameSize(0); // large frames arrive in parts and are limited there
            container.setInputBufferSize(SMALL_FRAME);
            protocols.forEach((path, protocol) -> container.addMapping(path, new Endpoint(gate, protocol)));
        });
        server.setHandler(new RequestGuard(
                gate,
                silent,
                new Handler.Sequence(
                        upgrade,
                        uploads,
                        new RatingHandler(room),
                        new ApiHandler(
                                room, () -> room.config(gate.asksForToken(), page.offersNano()), protocols.keySet()),
                        new StatusHandler(room, gate, protocols.keySet()),
                        new PageHandler(page))));
        clock.scheduleWithFixedDelay(silent::tick, 1, 1, TimeUnit.SECONDS);
    }

    private static ConnectionFactory[] factories(Place place) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        if (place.forwarded()) {
            configuration.addCustomizer(new ForwardedRequestCustomizer());
        }
        HttpConnectionFactory http = new HttpConnectionFactory(configuration);
        if (place.tls().isEmpty()) {
            return new ConnectionFactory[] {http};
        }
        // Clients that connect by IP address send no name to compare with the certificate.
        SecureRequestCustomizer names = new SecureRequestCustomizer();
        names.setSniHostCheck(false);
        configuration.addCustomizer(names);
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(place.tls().get());
        return new ConnectionFactory[] {new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()), http};
    }

    /**
     * Starts to listen.
     *
     * @throws IOException if the port is not available
     */
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException(
                    "Cannot listen on " + host + ", port " + connector.getPort() + ": found " + reason(e)
                            + ", expected an address of this machine and a free port. Correct --host or --port",
                    e);
        } catch (Exception e) {
            throw new IOException("The web server cannot start: " + e.getMessage(), e);
        }
    }

    /** Jetty names the address, and its cause says what is wrong with it. */
    private static String reason(IOException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /**
     * Returns the address to open.
     *
     * @return with scheme, host and port; a host that means all addresses is shown as this machine
     */
    public String address() {
        boolean any = host.equals("0.0.0.0") || host.equals("::");
        String shown = any ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return (secure ? "https" : "http") + "://" + shown + ":" + port();
    }

    /**
     * Returns the port.
     *
     * @return 1 to 65535
     */
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The web server does not stop: " + e.getMessage(), e);
        }
    }
}

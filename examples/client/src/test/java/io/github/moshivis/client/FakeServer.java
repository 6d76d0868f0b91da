package io.github.moshivis.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** A server at {@code /api/chat} that plays one back end for each caller. */
public final class FakeServer implements AutoCloseable {
    private static final int ACCEPTED = 101;

    private final ServerConnector connector;
    private final String scheme;
    private final Supplier<FakePeer> peers;
    private final BlockingQueue<Caller> callers = new LinkedBlockingQueue<>();

    /** Somebody who connected. */
    public record Caller(String query, String authorization, FakePeer peer) {}

    private FakeServer(ServerConnector connector, String scheme, Supplier<FakePeer> peers) {
        this.connector = connector;
        this.scheme = scheme;
        this.peers = peers;
    }

    /** Takes everybody. */
    public static FakeServer playing(Supplier<FakePeer> peers) throws Exception {
        return start(new SslContextFactory.Server[0], ACCEPTED, peers);
    }

    /** Takes everybody who trusts its certificate. */
    static FakeServer secure(SslContextFactory.Server tls, Supplier<FakePeer> peers) throws Exception {
        return start(new SslContextFactory.Server[] {tls}, ACCEPTED, peers);
    }

    /** Refuses everybody. */
    static FakeServer refusing(int status) throws Exception {
        return start(new SslContextFactory.Server[0], status, () -> null);
    }

    private static FakeServer start(SslContextFactory.Server[] tls, int status, Supplier<FakePeer> peers)
            throws Exception {
        Server server = new Server();
        ServerConnector connector = tls.length == 0 ? new ServerConnector(server) : new ServerConnector(server, tls[0]);
        connector.setHost("localhost");
        if (tls.length > 0) {
            connector
                    .getConnectionFactory(HttpConnectionFactory.class)
                    .getHttpConfiguration()
                    .getCustomizer(SecureRequestCustomizer.class)
                    .setSniHostCheck(false); // to be called by other names too
        }
        server.addConnector(connector);
        FakeServer fake = new FakeServer(connector, tls.length == 0 ? "http" : "https", peers);
        server.setHandler(WebSocketUpgradeHandler.from(
                server,
                container -> container.addMapping("/api/chat", (request, response, callback) -> {
                    if (status != ACCEPTED) {
                        Response.writeError(request, response, callback, status);
                        return null;
                    }
                    return fake.accept(request);
                })));
        server.start();
        return fake;
    }

    private FakePeer.Endpoint accept(ServerUpgradeRequest request) {
        FakePeer peer = peers.get();
        callers.add(
                new Caller(request.getHttpURI().getQuery(), request.getHeaders().get("Authorization"), peer));
        return new FakePeer.Endpoint(peer);
    }

    /** As a browser has it. */
    public String address() {
        return scheme + "://localhost:" + connector.getLocalPort();
    }

    /** Who connected next. */
    public Caller caller() throws InterruptedException {
        return callers.poll(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        connector.getServer().stop();
    }
}

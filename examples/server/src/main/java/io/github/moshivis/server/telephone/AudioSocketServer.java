package io.github.moshivis.server.telephone;

import io.github.moshivis.server.chat.Gate;
import io.github.moshivis.server.log.Events;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.UnresolvedAddressException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Accepts Asterisk's AudioSocket on its own TCP port. */
public final class AudioSocketServer implements AutoCloseable {
    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final AsynchronousServerSocketChannel listener;
    private final TelephoneOptions options;
    private final Set<AudioSocketConnection> connections = ConcurrentHashMap.newKeySet();

    /**
     * Starts to listen.
     *
     * @param address the address; port 0 for any free port
     * @param options settings shared by all calls
     * @throws IOException if the port is not available
     */
    public AudioSocketServer(InetSocketAddress address, TelephoneOptions options) throws IOException {
        this.options = options;
        this.listener = listening(address);
        Events.of("audiosocket-listening")
                .with("address", listener.getLocalAddress())
                .log();
        accept();
    }

    private static AsynchronousServerSocketChannel listening(InetSocketAddress address) throws IOException {
        AsynchronousServerSocketChannel channel = AsynchronousServerSocketChannel.open();
        try {
            return channel.bind(address);
        } catch (IOException | UnresolvedAddressException e) {
            channel.close();
            throw new IOException(
                    "Cannot listen on " + address.getHostString() + ", port " + address.getPort() + ": found "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
                            + ", expected an address of this machine and a free port. Correct --audiosocket-host or"
                            + " --audiosocket-port",
                    e);
        }
    }

    /**
     * Returns the port.
     *
     * @return 1 to 65535
     * @throws IOException if it is closed
     */
    public int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    private void accept() {
        listener.accept(null, new CompletionHandler<AsynchronousSocketChannel, Void>() {
            @Override
            public void completed(AsynchronousSocketChannel channel, Void nothing) {
                accept();
                take(channel);
            }

            @Override
            public void failed(Throwable failure, Void nothing) {
                if (listener.isOpen()) {
                    Events.of("audiosocket-accept-failed")
                            .with("reason", failure)
                            .log();
                    LATER.execute(
                            AudioSocketServer.this::accept); // without a free descriptor, the next one fails as well
                }
            }
        });
    }

    private void take(AsynchronousSocketChannel channel) {
        String address = "unknown";
        try {
            address = ((InetSocketAddress) channel.getRemoteAddress())
                    .getAddress()
                    .getHostAddress();
            options.gate().pass(address);
            AudioSocketConnection connection = new AudioSocketConnection(options, channel, connections::remove);
            connections.add(connection);
            begin(connection);
        } catch (Gate.RefusedException e) {
            options.gate().refused(address, e);
            close(channel);
        } catch (IOException e) {
            close(channel); // gone already
        } catch (RuntimeException | Error e) {
            Events.of("audiosocket-call-failed").log(Level.ERROR, e);
            close(channel);
        }
    }

    private static void begin(AudioSocketConnection connection) {
        try {
            connection.begin();
        } catch (RuntimeException | Error e) { // its caller must not stay
            connection.disconnect();
            throw e;
        }
    }

    private static void close(AsynchronousSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            Events.of("audiosocket-close-failed").with("reason", e).log();
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            Events.of("audiosocket-close-failed").with("reason", e).log();
        }
        connections.forEach(AudioSocketConnection::disconnect);
    }
}

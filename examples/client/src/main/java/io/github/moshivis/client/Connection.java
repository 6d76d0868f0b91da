package io.github.moshivis.client;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * WebSocket with whole messages and back-pressure: a few messages wait here, the rest at the server. Messages are sent one after another,
 * in the order of the calls. Thread-safe.
 */
final class Connection implements WebSocket.Listener {
    /** Maximum number of waiting messages: some seconds of audio. */
    private static final int MAX_WAITING = 64;

    /** Maximum size of a message; more than any server sends. */
    private static final int LARGEST_MESSAGE = 16 << 20;

    /** Time for the server to answer a close. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private static final int NORMAL_CLOSURE = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int NO_STATUS = 1005;
    private static final int ABNORMAL_CLOSURE = 1006;

    private final URI uri;
    private final Duration sendTimeout;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final ByteArrayOutputStream incomplete = new ByteArrayOutputStream();
    private volatile WebSocket socket;
    /** Completed when everything so far was sent. Guarded by this. */
    private CompletableFuture<WebSocket> sent;

    /** An event of the connection. */
    sealed interface Arrival {}

    /** A whole message. */
    record Received(ByteBuffer bytes) implements Arrival {}

    /** The connection has ended; the last event. */
    record Closed(int code, String reason) implements Arrival {
        boolean isNormal() {
            return code == NORMAL_CLOSURE || code == GOING_AWAY || code == NO_STATUS;
        }
    }

    private Connection(URI uri, Duration sendTimeout) {
        this.uri = uri;
        this.sendTimeout = sendTimeout;
    }

    /**
     * Connects.
     *
     * @throws ConversationException if that fails
     */
    static Connection open(URI uri, WebSocket.Builder builder, Duration sendTimeout) {
        Connection connection = new Connection(uri, sendTimeout);
        CompletableFuture<WebSocket> opening = builder.buildAsync(uri, connection);
        try {
            connection.socket = opening.get();
        } catch (ExecutionException e) {
            throw connection.cannotOpen(e.getCause());
        } catch (InterruptedException e) {
            opening.thenAccept(WebSocket::abort);
            Thread.currentThread().interrupt();
            throw connection.cannotOpen(e);
        }
        connection.sent = CompletableFuture.completedFuture(connection.socket);
        return connection;
    }

    private ConversationException cannotOpen(Throwable cause) {
        String advice = "expected a server. Start it, or correct the address";
        String found = cause.toString();
        if (cause instanceof WebSocketHandshakeException refusal) {
            int status = refusal.getResponse().statusCode();
            found = "HTTP status " + status
                    + refusal.getResponse()
                            .headers()
                            .firstValue(Message.REASON_HEADER)
                            .map(reason -> " (" + reason + ")")
                            .orElse("");
            advice = "expected 101. "
                    + switch (status) {
                        case 400 -> "Correct the settings";
                        case 401, 403 -> "Give the token that the server wants";
                        case 404 -> "Correct the address: no conversations are held there";
                        default -> "Look into the server's log";
                    };
        } else if (cause instanceof SSLException) {
            advice =
                    "expected a certificate that is trusted here. Trust the server's, or speak http with one that has no TLS";
        }
        return new ConversationException(
                EndReason.CONNECTION_FAILED,
                "Cannot connect to " + address() + ": found " + found + ", " + advice,
                cause);
    }

    /** Returns the address without the query, which holds the user's settings. */
    String address() {
        return uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        webSocket.request(MAX_WAITING);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        if (incomplete.size() + data.remaining() > LARGEST_MESSAGE) {
            end(ABNORMAL_CLOSURE, "a message of more than " + LARGEST_MESSAGE + " bytes came");
            webSocket.abort();
            return null;
        }
        byte[] part = new byte[data.remaining()];
        data.get(part);
        incomplete.writeBytes(part);
        if (last) {
            arrivals.add(new Received(ByteBuffer.wrap(incomplete.toByteArray())));
            incomplete.reset();
        } else {
            webSocket.request(1);
        }
        return null;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        webSocket.request(1); // the protocol has no text frames
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        end(code, reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        end(ABNORMAL_CLOSURE, error.toString());
    }

    private void end(int code, String reason) {
        if (closed.complete(null)) {
            arrivals.add(new Closed(code, reason));
        }
    }

    /**
     * Returns the next event.
     *
     * @return null after the timeout
     */
    Arrival next(Duration timeout) throws InterruptedException {
        Arrival arrival = arrivals.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (arrival instanceof Received) {
            socket.request(1);
        }
        return arrival;
    }

    /**
     * Sends a message after earlier ones.
     *
     * @return completed when it was handed to the network
     */
    synchronized CompletableFuture<?> send(Message message) {
        ByteBuffer bytes = ByteBuffer.wrap(message.encode());
        sent = sent.thenCompose(ready -> ready.sendBinary(bytes, true));
        return sent;
    }

    /**
     * Sends a message and blocks until it is handed to the network.
     *
     * @throws ConversationException if that fails
     */
    void sendNow(Message message) throws InterruptedException {
        try {
            send(message).get(sendTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            close(e.getCause().toString()); // earlier messages are still handled, such as the reason
            throw new ConversationException(
                    EndReason.CONNECTION_FAILED,
                    "Cannot send to " + address() + ": found " + e.getCause()
                            + ", expected an open connection. Start another conversation",
                    e.getCause());
        } catch (TimeoutException e) {
            abort("it took nothing for " + sendTimeout.toMillis() + " ms");
            throw new ConversationException(
                    EndReason.CONNECTION_FAILED,
                    "Cannot send to " + address() + ": found that it took nothing for " + sendTimeout.toMillis()
                            + " ms, expected it to read. Start another conversation",
                    e);
        }
    }

    /** Closes the connection regularly if the server answers, else abruptly. */
    void close() {
        close("given up here");
    }

    private void close(String reasonIfAbrupt) {
        synchronized (this) {
            sent.whenComplete((ready, failure) -> socket.sendClose(NORMAL_CLOSURE, ""));
        }
        closed.copy()
                .orTimeout(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, late) -> abort(reasonIfAbrupt));
    }

    /** Drops the connection at once. */
    void abort() {
        abort("given up here");
    }

    private void abort(String reason) {
        socket.abort();
        end(ABNORMAL_CLOSURE, reason);
    }
}

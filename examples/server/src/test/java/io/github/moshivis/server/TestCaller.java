package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.client.Message;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A raw WebSocket to the server: what a test sends is what goes out, and all that comes back is kept in order. */
final class TestCaller implements AutoCloseable {
    /** A frame of 80 ms in 16 bits. */
    static final int FRAME_BYTES = 2 * 1920;

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final long TIMEOUT = 50;

    final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    final CompletableFuture<Closed> closed = new CompletableFuture<>();
    private final WebSocket socket;

    record Closed(int code, String reason) {}

    TestCaller(URI address, Map<String, String> headers) {
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        headers.forEach(builder::header);
        try {
            socket = builder.buildAsync(address, new Incoming()).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                throw new RefusedException(refused.getResponse().statusCode());
            }
            throw e;
        }
    }

    /** The server answered with a status instead of an upgrade. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final int status;

        RefusedException(int status) {
            super("HTTP " + status);
            this.status = status;
        }
    }

    private final class Incoming implements WebSocket.Listener {
        private final List<Byte> bytes = new ArrayList<>();

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            while (data.hasRemaining()) {
                bytes.add(data.get());
            }
            if (last) {
                byte[] all = new byte[bytes.size()];
                for (int i = 0; i < all.length; i++) {
                    all[i] = bytes.get(i);
                }
                bytes.clear();
                received.add(Message.decode(ByteBuffer.wrap(all)));
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(new Closed(code, reason));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }
    }

    TestCaller send(Message message) {
        return sendRaw(message.encode());
    }

    TestCaller sendRaw(byte[] bytes) {
        return sendPart(bytes, true);
    }

    TestCaller sendPart(byte[] bytes, boolean last) {
        socket.sendBinary(ByteBuffer.wrap(bytes), last).join();
        return this;
    }

    void sendText(String text) {
        socket.sendText(text, true).join();
    }

    TestCaller sendPicture() {
        return send(new Message.Image(TestServer.picture()));
    }

    /** Says 80 ms of silence, in plain samples. */
    TestCaller sendSilence() {
        return send(new Message.Audio(new byte[FRAME_BYTES]));
    }

    /** The next message, of whatever kind. */
    Message next() {
        try {
            Message message = received.poll(TIMEOUT, TimeUnit.SECONDS);
            assertThat(message).as("a message").isNotNull();
            return message;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next message of one kind; others are passed over. */
    <M extends Message> M next(Class<M> kind) {
        return next(kind, message -> true);
    }

    <M extends Message> M next(Class<M> kind, Predicate<M> which) {
        for (Message message = next(); ; message = next()) {
            if (kind.isInstance(message) && which.test(kind.cast(message))) {
                return kind.cast(message);
            }
        }
    }

    /** Sends the picture and waits until the talk begins. */
    TestCaller talk() {
        sendPicture().next(Message.Handshake.class);
        return this;
    }

    /** How the server closed the connection. */
    Closed closed() {
        return closed.orTimeout(TIMEOUT, TimeUnit.SECONDS).join();
    }

    /** Breaks the connection off. */
    void vanish() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.abort();
    }
}

package io.github.moshivis.server.transcription;

import io.github.moshivis.SpeechToText;
import io.github.moshivis.audio.OggOpusDecoder;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.MoshiVisException;
import io.github.moshivis.server.chat.CloseReason;
import io.github.moshivis.server.chat.Daemons;
import io.github.moshivis.server.log.Events;
import java.io.ByteArrayOutputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * WebSocket of a client: handles messages in order, on its own thread. Public because Jetty calls it by reflection.
 */
public final class AsrSocket implements Session.Listener.AutoDemanding {
    /** Maximum bytes of a message: two minutes of audio in MessagePack. */
    private static final int MAX_MESSAGE = 16 << 20;

    /** Maximum number of waiting messages, and of their bytes: twice the maximum message. */
    private static final int MAX_WAITING = 1024;

    private static final int MAX_WAITING_BYTES = 2 * MAX_MESSAGE;

    /** Maximum bytes in flight: a client that is this far behind is not reading. */
    private static final int MAX_UNSENT = 256 << 10;

    private static final long SILENT_NANOS = 120_000_000_000L;
    private static final long DEAD_NANOS = 2 * AsrProtocol.PING_SECONDS * 1_000_000_000L;
    private static final int NORMAL = 1000;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int TRY_AGAIN_LATER = 1013;
    private static final ThreadFactory THREADS = Daemons.numbered("moshivis-asr-");
    private static final byte[] END = new byte[0];

    private final SpeechToText stt;
    private final AsrProtocol protocol;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final LinkedBlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private final AtomicInteger waitingBytes = new AtomicInteger();
    private final AtomicInteger unsent = new AtomicInteger();
    private Session session;
    private volatile long lastMessage = System.nanoTime();
    private volatile long lastSign = System.nanoTime();
    private volatile boolean closed;

    AsrSocket(SpeechToText stt, AsrProtocol protocol) {
        this.stt = stt;
        this.protocol = protocol;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        THREADS.newThread(this::run).start();
        protocol.watch(this);
    }

    @Override
    public void onWebSocketPartialBinary(ByteBuffer part, boolean last, Callback callback) {
        lastSign = System.nanoTime();
        if (closed) {
            message.reset();
        } else if (message.size() + part.remaining() > MAX_MESSAGE) {
            close(PROTOCOL_ERROR, "A message is too large: expected at most " + MAX_MESSAGE + " bytes");
        } else {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            message.writeBytes(bytes);
            if (last) {
                lastMessage = lastSign;
                byte[] whole = message.toByteArray();
                message.reset();
                if (whole.length > 0 && !isTaken(whole)) {
                    close(TRY_AGAIN_LATER, "Too much sound waits: send it in real time");
                }
            }
        }
        callback.succeed();
    }

    private boolean isTaken(byte[] whole) {
        return waitingBytes.addAndGet(whole.length) <= MAX_WAITING_BYTES && waiting.offer(whole);
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        lastSign = System.nanoTime();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        // Jetty closes the socket; nothing else to do.
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        end();
        callback.succeed();
    }

    /** Sends a ping, and drops a dead client; returns whether the connection is open. */
    boolean tick() {
        long now = System.nanoTime();
        if (closed) {
            return false;
        }
        if (now - lastSign > DEAD_NANOS || now - lastMessage > SILENT_NANOS) {
            close(NORMAL, "No message for too long");
            return false;
        }
        session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
        return true;
    }

    /** Transcribes incoming audio. Runs on the connection's own thread. */
    private void run() {
        try (AsrStream stream = new AsrStream(stt, this::send);
                OggOpusDecoder opus = new OggOpusDecoder()) {
            send(new AsrMessage.Ready());
            for (byte[] next = waiting.take(); next != END && !closed; next = waiting.take()) {
                waitingBytes.addAndGet(-next.length);
                take(ClientMessage.decode(next), stream, opus);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ConversationException e) {
            refuse(TRY_AGAIN_LATER, "no free channels");
        } catch (IllegalArgumentException | MoshiVisException e) {
            refuse(PROTOCOL_ERROR, e.getMessage());
        } catch (Throwable e) { // an Error too: the client must be told and disconnected
            Events.of("transcription-failed").log(Level.WARNING, e);
            refuse(TRY_AGAIN_LATER, "the transcription failed");
        }
    }

    private void take(ClientMessage message, AsrStream stream, OggOpusDecoder opus) {
        if (message instanceof ClientMessage.Audio audio) {
            stream.hear(audio.pcm(), () -> closed);
        } else if (message instanceof ClientMessage.OggOpus sound) {
            stream.hear(opus.decode(sound.data()), () -> closed);
        } else if (message instanceof ClientMessage.Marker marker) {
            stream.mark(marker.id());
        }
    }

    /** Sends a message, unless the client does not read earlier ones. Called by the connection's thread. */
    void send(AsrMessage told) {
        if (closed) {
            return;
        }
        byte[] bytes = told.encode();
        if (unsent.addAndGet(bytes.length) > MAX_UNSENT) {
            session.disconnect();
            end();
            return;
        }
        session.sendBinary(
                ByteBuffer.wrap(bytes),
                Callback.from(() -> unsent.addAndGet(-bytes.length), failure -> session.disconnect()));
    }

    private void refuse(int code, String reason) {
        try {
            send(new AsrMessage.Error(reason));
        } catch (Throwable e) { // the close frame also has the reason
            Events.of("transcription-error-not-sent").log(Level.WARNING, e);
        }
        close(code, reason);
    }

    private void close(int code, String reason) {
        if (!closed) {
            session.close(code, CloseReason.shortened(reason), Callback.NOOP);
        }
        end();
    }

    private void end() {
        closed = true;
        waiting.clear();
        waiting.offer(END);
    }
}

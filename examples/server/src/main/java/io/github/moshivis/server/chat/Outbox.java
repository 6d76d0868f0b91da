package io.github.moshivis.server.chat;

import io.github.moshivis.client.Message;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is to be sent to one caller: in order, one message on its way at a time, and no more waiting than {@value #MOST_HELD} bytes.
 * May be used by all threads; nobody waits.
 */
final class Outbox {
    /** About a minute of Opus, or five seconds of plain samples: who is that far behind does not listen. */
    static final int MOST_HELD = 256 << 10;

    /** Where messages go. */
    interface Line {
        /**
         * Sends a message.
         *
         * @param sent to be run when it is on its way
         */
        void send(ByteBuffer message, Runnable sent);

        /** Asks the other side, by a frame that every client answers by itself, whether it is there. */
        void ping();

        /** Says goodbye, after which nothing is sent. */
        void hangUp(Farewell farewell, String reason);
    }

    private final Line line;
    private final Runnable overflow;

    // Guarded by this.
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int held;
    private boolean onItsWay;
    private boolean sending;
    private boolean ended;
    private boolean closed;
    /** What is to be done after the last message; null before there is one, and after it was done. */
    private Runnable goodbye;

    /**
     * Creates an outbox.
     *
     * @param line where messages go
     * @param overflow called once, when a message found no room
     */
    Outbox(Line line, Runnable overflow) {
        this.line = line;
        this.overflow = overflow;
    }

    /** Sends a message after those that wait; nothing after {@link #close}. */
    void send(Message message) {
        byte[] bytes = message.encode();
        boolean full;
        synchronized (this) {
            if (ended) {
                return;
            }
            full = held + bytes.length > MOST_HELD;
            if (full) {
                ended = true;
            } else {
                held += bytes.length;
                waiting.add(bytes);
            }
        }
        if (full) {
            overflow.run();
        } else {
            flush();
        }
    }

    /** Asks whether the client is there. */
    void ping() {
        line.ping();
    }

    /** Sends what waits and a last message, and hangs up. Of a caller that does not read, what waits is forgotten. */
    void close(Farewell farewell, String reason) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (ended) {
                waiting.clear();
            }
            ended = true;
            goodbye = () -> line.hangUp(farewell, reason);
            waiting.add(new Message.Error(reason).encode());
        }
        flush();
    }

    /** Sends until one message is on its way; a message that was sent at once is followed here, not by recursion. */
    private void flush() {
        synchronized (this) {
            if (sending) {
                return;
            }
            sending = true;
        }
        for (Runnable next = next(); next != null; next = next()) {
            next.run();
        }
    }

    private synchronized Runnable next() {
        if (!onItsWay && !waiting.isEmpty()) {
            byte[] bytes = waiting.remove();
            held -= bytes.length;
            onItsWay = true;
            return () -> line.send(ByteBuffer.wrap(bytes), this::sent);
        }
        sending = false;
        if (onItsWay) {
            return null;
        }
        Runnable last = goodbye;
        goodbye = null;
        return last;
    }

    private void sent() {
        synchronized (this) {
            onItsWay = false;
        }
        flush();
    }
}

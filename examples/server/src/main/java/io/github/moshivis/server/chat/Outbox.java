package io.github.moshivis.server.chat;

import io.github.moshivis.client.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Queue of messages to one caller: in order, one message in flight at a time, and at most {@value #MAX_HELD} bytes waiting. Thread-safe;
 * no method blocks.
 */
final class Outbox {
    /** About a minute of Opus, or five seconds of plain samples: a client that is this far behind is not reading. */
    static final int MAX_HELD = 256 << 10;

    private final Line line;
    private final Runnable overflow;

    // Guarded by this.
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int held;
    private boolean onItsWay;
    private boolean sending;
    private boolean ended;
    private boolean closed;
    /** The action after the last message; null before there is one, and after it was done. */
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
        send(() -> line.encode(message));
    }

    /** Sends frames after those that wait; they are made when it is their turn, one message at a time. */
    void send(Supplier<List<byte[]>> frames) {
        boolean full = false;
        synchronized (this) {
            if (ended) {
                return;
            }
            for (byte[] frame : frames.get()) {
                full |= held + frame.length > MAX_HELD;
                if (!full) {
                    held += frame.length;
                    waiting.add(frame);
                }
            }
            ended = full;
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

    /** Sends what waits and a last message, and hangs up. If the queue has overflowed, the waiting messages are dropped. */
    void close(Farewell farewell, String reason) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (ended) {
                waiting.clear();
                held = 0;
            }
            ended = true;
            goodbye = () -> line.hangUp(farewell, reason);
            for (byte[] frame : line.goodbye(farewell, reason)) {
                held += frame.length;
                waiting.add(frame);
            }
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
            return () -> line.send(bytes, this::sent);
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

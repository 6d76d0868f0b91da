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
    /** Action after the last message; null before {@link #close}, and after it ran. */
    private Runnable goodbye;

    /**
     * Creates an outbox.
     *
     * @param line where messages go
     * @param overflow called once, when the limit is exceeded
     */
    Outbox(Line line, Runnable overflow) {
        this.line = line;
        this.overflow = overflow;
    }

    /** Sends a message after all waiting ones; does nothing after {@link #close}. */
    void send(Message message) {
        send(() -> line.encode(message));
    }

    /** Sends frames after all waiting messages; they are made when they are sent. */
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

    /** Sends a ping. */
    void ping() {
        line.ping();
    }

    /**
     * Sends all waiting messages and a last one, and closes the connection. If the queue has overflowed, the waiting messages are dropped.
     */
    void close(CloseReason closeReason, String reason) {
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
            goodbye = () -> line.hangUp(closeReason, reason);
            for (byte[] frame : line.goodbye(closeReason, reason)) {
                held += frame.length;
                waiting.add(frame);
            }
        }
        flush();
    }

    /** Sends messages until one is in flight; uses a loop, not recursion, for messages that are sent at once. */
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

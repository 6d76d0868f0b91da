package io.github.moshivis;

import io.github.moshivis.plugin.FailureLog;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * Tells a conversation's listeners what happened, on a thread of its own, one event at a time and in order. When a listener is
 * more than {@value #CAPACITY} events behind, its conversation waits for it.
 */
final class Listeners {
    private static final System.Logger LOG = System.getLogger(Listeners.class.getName());
    private static final int CAPACITY = 256;

    private final BlockingQueue<Runnable> events = new ArrayBlockingQueue<>(CAPACITY);
    private final Consumer<? super TextPiece> onText;
    private final Consumer<? super Reply> onReply;
    private final Consumer<? super Lag> onLag;
    private final FailureLog failures = new FailureLog(LOG, "A listener failed; the conversation goes on");
    private final Thread thread;
    private volatile boolean finished;

    Listeners(SessionOptions options, String name) {
        onText = options.onText().orElse(null);
        onReply = options.onReply().orElse(null);
        onLag = options.onLag().orElse(null);
        boolean needed = onText != null || onReply != null || onLag != null;
        thread = needed ? new Thread(this::run, name) : null;
        if (needed) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Queues a reply for the listeners. */
    void deliver(Reply reply) throws InterruptedException {
        if (onReply != null) {
            events.put(() -> onReply.accept(reply));
        }
        if (reply.output().isPresent()) {
            deliver(reply.output().get().text());
        }
    }

    /** Queues text for the listeners, unless it is empty. */
    void deliver(TextPiece piece) throws InterruptedException {
        if (onText != null && !piece.text().isEmpty()) {
            events.put(() -> onText.accept(piece));
        }
    }

    /** Queues a lag for the listeners, if there is room: a late conversation must not wait. */
    void offer(Lag lag) {
        if (onLag != null) {
            events.offer(() -> onLag.accept(lag));
        }
    }

    /** Waits until everything queued has been told. */
    void finish() throws InterruptedException {
        if (thread != null) {
            events.put(() -> finished = true);
            thread.join();
        }
    }

    /** Stops; queued events are dropped. */
    void abandon() {
        if (thread != null) {
            finished = true;
            thread.interrupt();
        }
    }

    /** Returns whether the caller is a listener of this conversation. */
    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    private void run() {
        while (!finished) {
            try {
                events.take().run();
            } catch (Throwable e) { // an Error too, such as a failed assertion: other listeners still get their events
                if (!finished) { // else it was interrupted by abandon
                    failures.warn(e);
                }
            }
        }
    }
}

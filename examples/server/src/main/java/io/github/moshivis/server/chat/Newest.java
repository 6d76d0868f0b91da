package io.github.moshivis.server.chat;

import io.github.moshivis.server.log.Events;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Work for which only the newest value counts: on one thread of an executor at a time, in order, and without the values that were
 * overtaken while they waited. Safe for all threads.
 *
 * @param <T> the values
 */
final class Newest<T> {
    private final Executor executor;
    private final Consumer<? super T> work;

    // Guarded by this.
    private T waiting;
    private boolean working;

    /**
     * Creates it.
     *
     * @param executor runs the work
     * @param work may wait; what it throws is logged, and the next value finds a thread again
     */
    Newest(Executor executor, Consumer<? super T> work) {
        this.executor = executor;
        this.work = work;
    }

    /** Hands in a value. Does not wait. */
    void put(T value) {
        synchronized (this) {
            waiting = value;
            if (working) {
                return;
            }
            working = true;
        }
        try {
            executor.execute(this::run);
        } catch (RuntimeException | Error e) { // no thread, or no executor any more
            synchronized (this) {
                waiting = null;
                working = false;
            }
            throw e;
        }
    }

    private void run() {
        for (T value = next(); value != null; value = next()) {
            try {
                work.accept(value);
            } catch (Throwable e) {
                Events.of("work-failed").log(Level.ERROR, e);
            }
        }
    }

    private synchronized T next() {
        T value = waiting;
        waiting = null;
        working = value != null;
        return value;
    }
}

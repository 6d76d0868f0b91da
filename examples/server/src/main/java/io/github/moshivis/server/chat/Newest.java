package io.github.moshivis.server.chat;

import io.github.moshivis.server.log.Events;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Runs work for the newest value only: on one thread of an executor at a time, in order; values that are replaced while they wait are
 * skipped. Thread-safe.
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
     * Creates the work.
     *
     * @param executor runs the work
     * @param work the work; may block; exceptions are logged, and later values still run
     */
    Newest(Executor executor, Consumer<? super T> work) {
        this.executor = executor;
        this.work = work;
    }

    /** Submits a value. Does not block. */
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
        } catch (RuntimeException | Error e) { // no thread available, or the executor is shut down
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

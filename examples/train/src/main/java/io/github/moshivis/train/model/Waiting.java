package io.github.moshivis.train.model;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waiting for work that must end before its memory is freed. Stateless. */
public final class Waiting {
    private Waiting() {}

    /**
     * Waits for a result, through interrupts, which stay set.
     *
     * @param work what computes it
     * @param interrupted called at each interrupt
     * @param <T> type of the result
     * @return the result
     */
    public static <T> T forResult(Future<T> work, Runnable interrupted) {
        boolean wasInterrupted = false;
        try {
            while (true) {
                try {
                    return work.get();
                } catch (InterruptedException e) {
                    wasInterrupted = true;
                    interrupted.run();
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException cause) {
                        throw cause;
                    }
                    throw new CompletionException(e.getCause());
                }
            }
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package io.github.moshivis.train.model;

import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waiting for work that must end before its memory is freed. Stateless. */
public final class Waiting {
    private static final System.Logger LOG = System.getLogger(Waiting.class.getName());

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

    /**
     * Waits until work has ended, well or not, through interrupts, which stay set.
     *
     * @param work what is done
     */
    public static void untilDone(Future<?> work) {
        try {
            forResult(work, () -> {});
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "The failure of this work is thrown to who takes its result", e);
        }
    }
}

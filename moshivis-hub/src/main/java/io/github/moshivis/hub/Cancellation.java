package io.github.moshivis.hub;

import io.github.moshivis.errors.HubException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Cancellation of work. A child is cancelled with its parent, but not vice versa. Every wait of the hub client goes through here, so that
 * an interrupt or a cancellation ends it within {@link #TICK}.
 */
final class Cancellation {
    static final Duration TICK = Duration.ofMillis(100);

    private final Optional<Cancellation> parent;
    private volatile boolean cancelled;

    private Cancellation(Optional<Cancellation> parent) {
        this.parent = parent;
    }

    static Cancellation root() {
        return new Cancellation(Optional.empty());
    }

    Cancellation child() {
        return new Cancellation(Optional.of(this));
    }

    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled || parent.map(Cancellation::isCancelled).orElse(false);
    }

    /** Throws an exception if the work was cancelled or the calling thread interrupted (its flag stays set). */
    void check() {
        if (isCancelled() || Thread.currentThread().isInterrupted()) {
            throw ended();
        }
    }

    /** Sleeps, unless the work is cancelled. */
    void sleep(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            check();
            try {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, TICK.toNanos()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        check();
    }

    /** Waits for a result, or cancels its computation. */
    <T> T await(CompletableFuture<T> result) throws IOException {
        try {
            while (true) {
                check();
                try {
                    return result.get(TICK.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    continue;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ended();
        } catch (CancellationException e) {
            throw ended();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        } finally {
            result.cancel(true);
        }
    }

    private static HubException ended() {
        return new HubException("The download was cancelled: found an interrupt or a closed hub before the end;"
                + " what was fetched is kept, start it again to fetch the rest");
    }
}

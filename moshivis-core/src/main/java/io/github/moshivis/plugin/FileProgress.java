package io.github.moshivis.plugin;

import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.io.ProgressListener.Progress;
import io.github.moshivis.io.ProgressListener.State;
import java.time.Duration;

/**
 * Reports the progress of one file as {@link ProgressListener} promises: at the beginning, a few times a second, and exactly once at the
 * end. Used by one thread.
 */
public final class FileProgress implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FileProgress.class.getName());

    private static final Duration INTERVAL = Duration.ofMillis(250);

    /** Share of the newest interval in the rate: it follows a change within a few seconds. */
    private static final double NEWEST = 0.2;

    private final FailureLog failures = new FailureLog(LOG, "A progress listener failed");
    private final ProgressListener listener;
    private final String name;
    private final long total;
    private long done;
    private long reportedAt = System.nanoTime();
    private long reportedDone;
    private double rate;
    private boolean ended;

    /**
     * Starts: the listener is called at once, so that it can add up totals before the first byte.
     *
     * @param listener the listener
     * @param name the file
     * @param done bytes that are there already
     * @param total bytes in all, or -1 if not known
     */
    public FileProgress(ProgressListener listener, String name, long done, long total) {
        this.listener = listener;
        this.name = name;
        this.total = total;
        this.done = done;
        this.reportedDone = done;
        report(State.RUNNING);
    }

    /**
     * Sets the number of finished bytes; reports if an interval has passed.
     *
     * @param newDone bytes finished
     */
    public void advanced(long newDone) {
        done = newDone;
        long now = System.nanoTime();
        if (now - reportedAt >= INTERVAL.toNanos()) {
            double newest = Math.max(0, done - reportedDone) * 1e9 / (now - reportedAt);
            rate = rate == 0 ? newest : (1 - NEWEST) * rate + NEWEST * newest;
            reportedAt = now;
            reportedDone = done;
            report(State.RUNNING);
        }
    }

    /**
     * Adds finished bytes, as {@link #advanced}.
     *
     * @param bytes finished since the last call
     */
    public void add(long bytes) {
        advanced(done + bytes);
    }

    /** Ends well. */
    public void succeeded() {
        end(State.DONE);
    }

    /** Ends in failure, unless it has ended. Idempotent. */
    @Override
    public void close() {
        end(State.FAILED);
    }

    private void end(State state) {
        if (!ended) {
            ended = true;
            report(state);
        }
    }

    private void report(State state) {
        try {
            listener.advanced(new Progress(name, done, total, rate, state));
        } catch (Throwable e) { // an Error too, such as a failed assertion
            failures.warn(e);
        }
    }
}

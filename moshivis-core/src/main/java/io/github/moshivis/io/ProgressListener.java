package io.github.moshivis.io;

/**
 * Hears of long work: downloads, conversions, loading. Called from the working thread, a few times a second at most; it should
 * return quickly. An exception that it throws is logged and changes nothing.
 */
@FunctionalInterface
public interface ProgressListener {
    /** A listener that does nothing. */
    ProgressListener NONE = progress -> {};

    /**
     * Something advanced. For each name there is exactly one call whose state is {@link State#DONE} or {@link State#FAILED}, and
     * it is the last one.
     *
     * @param progress how far the work is
     */
    void advanced(Progress progress);

    /** The state of a piece of work. */
    enum State {
        /** Work goes on. */
        RUNNING,
        /** The work is complete. */
        DONE,
        /** The work ended early; what failed is thrown by the method that did the work. */
        FAILED
    }

    /**
     * The progress of one piece of work.
     *
     * @param name what is worked on, such as a file's name
     * @param done bytes finished
     * @param total bytes in all, or -1 if not known
     * @param bytesPerSecond current rate in bytes a second, 0 if not known yet
     * @param state whether this is the last call for this name
     */
    record Progress(String name, long done, long total, double bytesPerSecond, State state) {}
}

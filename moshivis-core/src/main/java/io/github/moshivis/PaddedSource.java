package io.github.moshivis;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.ForwardingSource;
import java.io.IOException;
import java.util.Arrays;

/**
 * A source with silence before and after it, which counts the samples of the source itself. Counters belong to the reading thread.
 */
final class PaddedSource extends ForwardingSource {
    private final int prefix;
    private int before;
    private int after;
    private long own;
    private boolean ended;

    /**
     * Adds silence.
     *
     * @param source the sound; owned
     * @param before samples of silence before it
     * @param after samples of silence after it
     */
    PaddedSource(AudioSource source, int before, int after) {
        super(source);
        this.prefix = before;
        this.before = before;
        this.after = after;
    }

    /** Samples of silence before the source. */
    int before() {
        return prefix;
    }

    /** Samples of the source that were read. */
    long own() {
        return own;
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        if (before > 0) {
            int count = Math.min(before, length);
            before -= count;
            return silence(buffer, offset, count);
        }
        int read = ended ? -1 : super.read(buffer, offset, length);
        if (read >= 0) {
            own += read;
            return read;
        }
        ended = true;
        int count = Math.min(after, length);
        after -= count;
        return count == 0 ? -1 : silence(buffer, offset, count);
    }

    private static int silence(float[] buffer, int offset, int count) {
        Arrays.fill(buffer, offset, offset + count, 0);
        return count;
    }
}

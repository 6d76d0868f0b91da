package io.github.moshivis;

import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.util.Arrays;

/**
 * A source between silences, which says how much of what was read is the source's own. Its samples are counted by the thread that reads.
 */
final class PaddedSource implements AudioSource {
    private final AudioSource source;
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
        this.source = source;
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
    public void open() throws IOException {
        source.open();
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        if (before > 0) {
            int count = Math.min(before, length);
            before -= count;
            return silence(buffer, offset, count);
        }
        int read = ended ? -1 : source.read(buffer, offset, length);
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

    @Override
    public boolean isLive() {
        return source.isLive();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    @Override
    public String toString() {
        return source.toString();
    }
}

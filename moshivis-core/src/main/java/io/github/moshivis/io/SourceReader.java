package io.github.moshivis.io;

import io.github.moshivis.errors.MediaException;
import java.io.IOException;
import java.util.Objects;

/**
 * Reads of a source, held to the contract of {@link AudioSource}: for programs that read sources of others. Used by one thread.
 */
public final class SourceReader {
    /** Reads in a row that may bring nothing: a source that does so for ever would spin for ever. */
    private static final int MAX_EMPTY_READS = 1000;

    /** Samples beyond are no speech in [-1, 1], however loud: 16-bit integers, most likely. */
    private static final float MAX_SAMPLE = 64;

    private final AudioSource source;
    private long samples;
    private int emptyReads;

    /**
     * Creates a reader.
     *
     * @param source open when the first read comes; not owned
     */
    public SourceReader(AudioSource source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    /**
     * Reads some samples.
     *
     * @param buffer receives the samples
     * @param offset start of the samples in the buffer
     * @param length maximum number of samples, at least 1
     * @return 1 to {@code length}, or -1 at the end of the source
     * @throws MediaException if the source breaks its contract
     * @throws IOException if the source cannot be read
     */
    public int read(float[] buffer, int offset, int length) throws IOException {
        Objects.requireNonNull(buffer, "buffer");
        for (emptyReads = 0; emptyReads <= MAX_EMPTY_READS; emptyReads++) {
            int count = source.read(buffer, offset, length);
            if (count < -1 || count > length) {
                throw broken("read returned " + count, "1 to " + length + ", or -1 at the end");
            }
            if (count != 0) {
                samples += Math.max(count, 0);
                return count;
            }
        }
        throw broken(emptyReads + " reads in a row without a sample", "reads that wait for one");
    }

    private MediaException broken(String found, String expected) {
        return new MediaException("Cannot read from " + source + ": found " + found + " after " + samples
                + " samples, expected " + expected + ". Correct the source's read");
    }

    /**
     * Checks that samples are sound: one that is no number makes the codec deaf for minutes.
     *
     * @param pcm the samples
     * @param first number of the first sample in its source, for the message
     * @param name name of the source, for the message
     * @throws MediaException naming the sample
     */
    public static void requireSound(float[] pcm, long first, String name) {
        Objects.requireNonNull(pcm, "pcm");
        Objects.requireNonNull(name, "name");
        for (int i = 0; i < pcm.length; i++) {
            if (!(Math.abs(pcm[i]) <= MAX_SAMPLE)) {
                throw new MediaException(
                        "Cannot take sample " + (first + i) + " of " + name + ": found " + pcm[i]
                                + ", expected a number in [-1, 1]. Divide 16-bit integers by 32768, and replace what is no number by 0");
            }
        }
    }
}

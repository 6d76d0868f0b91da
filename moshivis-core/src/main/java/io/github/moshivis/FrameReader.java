package io.github.moshivis;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;

/** Whole frames of a source, which is held to its contract. Used by one thread. */
final class FrameReader {
    /** Reads in a row that may bring nothing: a source that does so for ever would spin for ever. */
    private static final int MAX_EMPTY_READS = 1000;

    /** Samples beyond are no speech in [-1, 1], however loud: 16-bit integers, most likely. */
    private static final float MAX_SAMPLE = 64;

    private final AudioSource source;
    private long samples;
    private int emptyReads;

    FrameReader(AudioSource source) {
        this.source = source;
    }

    /**
     * Fills a frame.
     *
     * @return false at the end of the source, which may be in the middle of a frame
     * @throws MediaException if the source breaks its contract or gives what is no sound
     */
    boolean fill(float[] frame) throws IOException {
        for (int filled = 0; filled < frame.length; ) {
            int wanted = frame.length - filled;
            int count = source.read(frame, filled, wanted);
            if (count == -1) {
                return false;
            }
            if (count < 0 || count > wanted) {
                throw broken("read returned " + count, "1 to " + wanted + ", or -1 at the end");
            }
            emptyReads = count == 0 ? emptyReads + 1 : 0;
            if (emptyReads > MAX_EMPTY_READS) {
                throw broken(emptyReads + " reads in a row without a sample", "reads that wait for one");
            }
            filled += count;
        }
        check(frame, samples, source.toString());
        samples += frame.length;
        return true;
    }

    /**
     * Checks that samples are sound: one that is no number makes the codec deaf for minutes.
     *
     * @param frame the samples
     * @param first the number of its first sample
     * @param name of their source
     * @throws MediaException naming the sample
     */
    static void check(float[] frame, long first, String name) {
        for (int i = 0; i < frame.length; i++) {
            if (!(Math.abs(frame[i]) <= MAX_SAMPLE)) {
                throw new MediaException(
                        "Cannot take sample " + (first + i) + " of " + name + ": found " + frame[i]
                                + ", expected a number in [-1, 1]. Divide 16-bit integers by 32768, and replace what is no number by 0");
            }
        }
    }

    private MediaException broken(String found, String expected) {
        return new MediaException("Cannot read from " + source + ": found " + found + " after " + samples
                + " samples, expected " + expected + ". Correct the source's read");
    }
}

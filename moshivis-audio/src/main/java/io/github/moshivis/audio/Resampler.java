package io.github.moshivis.audio;

import java.util.Arrays;
import java.util.Objects;

/**
 * Changes the sample rate of one channel, as a stream: samples are written, resampled ones are read.
 *
 * <p>Quality of down- and upsampling: frequencies above the lower rate's Nyquist frequency are at least 80 dB down (aliases and images
 * alike), and the response is flat within 0.1 dB up to 0.9 of that frequency (10.8 kHz at 24 kHz). Equal rates pass samples unchanged. The
 * JDK's own conversion has no such filter. Loud sound may overshoot [-1, 1] a little, as every band-limited signal may between its samples.
 *
 * <p>Time: output n is the sound at n / {@code outputRate} seconds of the input, which is silent before its beginning and after its
 * end, and N input samples give round(N * outputRate / inputRate) outputs. An output can be read once 64 samples of the lower rate
 * beyond it are there (2.7 ms at 24 kHz) or the input {@linkplain #end() has ended}. How the input is cut into writes changes no
 * bit of the output.
 *
 * <p>Memory: what was written and not yet read, besides at most a few MB of filter. One thread at a time.
 */
public final class Resampler {
    /** Minimum rate in Hz. */
    public static final int MIN_RATE = 1_000;

    /** Maximum rate in Hz: sixteen times 48 kHz. */
    public static final int MAX_RATE = 768_000;

    private final SincFilterBank filters;
    /** From one output to the next, {@code step / phases} input samples; in lowest terms. */
    private final int step;

    private final int phases;

    /** Input that is still needed, the first sample of the next output's window at {@code window}. */
    private float[] history;

    private int window;
    private int filled;
    private int phase;

    private long inputSamples;
    private long outputSamples;
    private boolean ended;
    private long outputSamplesInAll = Long.MAX_VALUE;

    /**
     * Starts a stream.
     *
     * @param inputRate input rate in Hz, {@value #MIN_RATE} to {@value #MAX_RATE}
     * @param outputRate output rate in Hz, within the same limits
     * @throws IllegalArgumentException if a rate is outside its limits
     */
    public Resampler(int inputRate, int outputRate) {
        int divisor = greatestCommonDivisor(checkRate(inputRate), checkRate(outputRate));
        this.step = inputRate / divisor;
        this.phases = outputRate / divisor;
        this.filters = new SincFilterBank(step, phases);
        this.history = new float[4 * filters.half()];
        this.filled = filters.half() - 1; // silence before the beginning
    }

    private static int checkRate(int rate) {
        if (rate < MIN_RATE || rate > MAX_RATE) {
            throw new IllegalArgumentException("Cannot resample sound of " + rate + " Hz; give a sample rate from "
                    + MIN_RATE + " to " + MAX_RATE + " Hz");
        }
        return rate;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    /**
     * Writes input samples.
     *
     * @param samples holds the samples; not kept
     * @param offset where in the array they start
     * @param length how many, zero or more
     * @throws IllegalStateException after {@link #end()}
     */
    public void write(float[] samples, int offset, int length) {
        Objects.requireNonNull(samples, "samples");
        Objects.checkFromIndexSize(offset, length, samples.length);
        if (ended) {
            throw new IllegalStateException(
                    "The resampler's input has ended and takes no more samples; use a new resampler for a new stream");
        }
        int start = reserve(length);
        System.arraycopy(samples, offset, history, start, length);
        inputSamples += length;
    }

    /** Ends the input: the last outputs become readable. Idempotent. */
    public void end() {
        if (!ended) {
            ended = true;
            outputSamplesInAll = rescale(inputSamples);
            int start = reserve(filters.half());
            Arrays.fill(history, start, filled, 0); // silence after the end
        }
    }

    /** round(samples * phases / step), half up, without overflow for any number of samples. */
    private long rescale(long samples) {
        long whole = samples / step;
        long rest = samples % step;
        return whole * phases + (2 * rest * phases + step) / (2L * step);
    }

    /** Reserves space for more input; returns its start. */
    private int reserve(int length) {
        int kept = filled - window;
        if (filled + length > history.length) {
            float[] target = kept + length > history.length ? new float[2 * (kept + length)] : history;
            System.arraycopy(history, window, target, 0, kept);
            history = target;
            window = 0;
        }
        int start = window + kept;
        filled = start + length;
        return start;
    }

    /**
     * Reads the available output.
     *
     * @param buffer receives the samples
     * @param offset where in the array to start
     * @param length how many at most, zero or more
     * @return number of samples, 0 if more input is needed or {@link #isFinished() all output was read}
     */
    public int read(float[] buffer, int offset, int length) {
        Objects.requireNonNull(buffer, "buffer");
        Objects.checkFromIndexSize(offset, length, buffer.length);
        int count = 0;
        while (count < length && window + 2 * filters.half() <= filled && outputSamples < outputSamplesInAll) {
            buffer[offset + count++] = filters.apply(history, window, phase, phases);
            outputSamples++;
            long next = (long) phase + step;
            window += (int) (next / phases);
            phase = (int) (next % phases);
        }
        return count;
    }

    /**
     * Returns whether the input has ended and all output was read.
     *
     * @return true if {@link #read} will return no more samples
     */
    public boolean isFinished() {
        return outputSamples == outputSamplesInAll;
    }
}

package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.SourceReader;
import java.util.Arrays;
import java.util.Objects;

/**
 * Loudness of speech in LUFS (ITU-R BS.1770-4: K-weighting, blocks of 0.4 s, absolute and relative gate), and normalization to a given
 * loudness. The filters are those of pyloudnorm, which PersonaPlex normalizes its voices with ({@code iirfilter.py}, {@code meter.py});
 * they differ from the standard's own coefficients. Computed in float64.
 */
public final class Loudness {
    private static final int RATE = AudioSource.SAMPLE_RATE;

    /** Minimum length that can be measured, in samples: one block of 0.4 s. */
    public static final int MIN_SAMPLES = RATE * 2 / 5;

    private static final double BLOCK_SECONDS = 0.4;
    /** Offset of the next block, as a part of a block. */
    private static final double STEP = 0.25;

    private static final int MAX_LUFS = 100;

    private static final double OFFSET = -0.691;
    private static final double ABSOLUTE_GATE = -70;
    private static final double RELATIVE_GATE = -10;

    private Loudness() {}

    /**
     * Returns the integrated loudness.
     *
     * @param samples 24 kHz mono, at least {@link #MIN_SAMPLES}
     * @return LUFS; negative infinity if no block passes the gates, as for silence
     * @throws IllegalArgumentException if there are too few samples
     * @throws io.github.moshivis.errors.MediaException if a sample is not finite
     */
    public static double of(float[] samples) {
        Objects.requireNonNull(samples, "samples");
        if (samples.length < MIN_SAMPLES) {
            throw new IllegalArgumentException("Loudness needs at least " + MIN_SAMPLES + " samples (0.4 s), found "
                    + samples.length + "; give a longer sound");
        }
        SourceReader.requireSound(samples, 0, "the sound");
        double[] weighted =
                Biquad.highPass(38, 0.5).filter(Biquad.highShelf(1500, 4).filter(toDoubles(samples)));
        double[] powers = blockPowers(weighted);
        double absolute = gatedMean(powers, ABSOLUTE_GATE);
        return loudness(gatedMean(powers, Math.max(ABSOLUTE_GATE, loudness(absolute) + RELATIVE_GATE)));
    }

    /**
     * Normalizes audio to a loudness.
     *
     * @param samples 24 kHz mono, at least {@link #MIN_SAMPLES}; not changed
     * @param lufs the loudness of the result
     * @return every sample times one gain; values beyond 1 are not clipped
     * @throws IllegalArgumentException if the sound is too short or silent, or the loudness is none
     */
    public static float[] normalized(float[] samples, double lufs) {
        double loudness = of(samples);
        if (!(Math.abs(lufs) <= MAX_LUFS)) {
            throw new IllegalArgumentException("Cannot bring a sound to " + lufs + " LUFS: expected a loudness from -"
                    + MAX_LUFS + " to " + MAX_LUFS + ", such as -24; correct it");
        }
        if (Double.isInfinite(loudness)) {
            throw new IllegalArgumentException("Cannot bring a sound to " + lufs + " LUFS: found nothing but silence,"
                    + " expected a voice; check the recording");
        }
        double gain = Math.pow(10, (lufs - loudness) / 20);
        float[] result = new float[samples.length];
        for (int i = 0; i < samples.length; i++) {
            result[i] = (float) (samples[i] * gain);
        }
        return result;
    }

    private static double[] toDoubles(float[] samples) {
        double[] result = new double[samples.length];
        Arrays.setAll(result, i -> samples[i]);
        return result;
    }

    private static double[] blockPowers(double[] samples) {
        double seconds = (double) samples.length / RATE;
        int blocks = (int) Math.rint((seconds - BLOCK_SECONDS) / (BLOCK_SECONDS * STEP)) + 1;
        double[] powers = new double[blocks];
        for (int j = 0; j < blocks; j++) {
            int from = (int) (BLOCK_SECONDS * (j * STEP) * RATE);
            int to = Math.min((int) (BLOCK_SECONDS * (j * STEP + 1) * RATE), samples.length);
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += samples[i] * samples[i];
            }
            powers[j] = sum / (BLOCK_SECONDS * RATE);
        }
        return powers;
    }

    /** Returns the mean power of the blocks at or above a gate; 0 if there are none. */
    private static double gatedMean(double[] powers, double gate) {
        return Arrays.stream(powers)
                .filter(power -> loudness(power) >= gate)
                .average()
                .orElse(0);
    }

    private static double loudness(double power) {
        return OFFSET + 10 * Math.log10(power);
    }

    /** A filter of second order in direct form (Bristow-Johnson's audio equalizer cookbook). */
    private record Biquad(double b0, double b1, double b2, double a1, double a2) {
        static Biquad highShelf(double frequency, double gain) {
            double a = Math.pow(10, gain / 40);
            double w = 2 * Math.PI * frequency / RATE;
            double alpha = Math.sin(w) / (2 * Math.sqrt(0.5));
            double cos = Math.cos(w);
            double root = 2 * Math.sqrt(a) * alpha;
            return of(
                    a * ((a + 1) + (a - 1) * cos + root),
                    -2 * a * ((a - 1) + (a + 1) * cos),
                    a * ((a + 1) + (a - 1) * cos - root),
                    (a + 1) - (a - 1) * cos + root,
                    2 * ((a - 1) - (a + 1) * cos),
                    (a + 1) - (a - 1) * cos - root);
        }

        static Biquad highPass(double frequency, double quality) {
            double w = 2 * Math.PI * frequency / RATE;
            double alpha = Math.sin(w) / (2 * quality);
            double cos = Math.cos(w);
            return of((1 + cos) / 2, -(1 + cos), (1 + cos) / 2, 1 + alpha, -2 * cos, 1 - alpha);
        }

        private static Biquad of(double b0, double b1, double b2, double a0, double a1, double a2) {
            return new Biquad(b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0);
        }

        double[] filter(double[] in) {
            double[] out = new double[in.length];
            double state1 = 0;
            double state2 = 0;
            for (int i = 0; i < in.length; i++) {
                out[i] = b0 * in[i] + state1;
                state1 = b1 * in[i] - a1 * out[i] + state2;
                state2 = b2 * in[i] - a2 * out[i];
            }
            return out;
        }
    }
}

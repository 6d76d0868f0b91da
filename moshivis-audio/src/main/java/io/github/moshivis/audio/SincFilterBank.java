package io.github.moshivis.audio;

/**
 * The low-pass filter of the {@link Resampler}, sampled at the positions ("phases") between two input samples at which outputs can
 * fall: a Kaiser-windowed sinc (J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974).
 *
 * <p>In units of the lower of the two rates: the window spans {@link #HALF_WIDTH} samples to either side, its attenuation is {@link
 * #ATTENUATION_DB}. Kaiser's formula gives the width of the transition band from these; it is laid below the lower rate's Nyquist
 * frequency, so that nothing folds back, and begins at 0.904 of it.
 *
 * <p>A ratio of rates with at most {@link #MAX_PHASES} phases has a row for each; others, such as 44,101 to 24,000 Hz, interpolate
 * between the two nearest of {@link #MAX_PHASES} rows, which is good to -120 dB.
 */
final class SincFilterBank {
    /** Samples of the lower rate to either side of an output: the resampler's delay, 2.7 ms at 24 kHz. */
    static final int HALF_WIDTH = 64;

    /** Attenuation of the stop band; 16 dB more than documented. */
    static final double ATTENUATION_DB = 96;

    /** Maximum rows of the table; 1024 rows of 1024 taps (192 kHz) are 4 MB. */
    static final int MAX_PHASES = 1024;

    /** Kaiser's formulae: the window's shape for more than 50 dB, and the transition's width times the number of taps. */
    private static final double BETA = 0.1102 * (ATTENUATION_DB - 8.7);

    private static final double TRANSITION = (ATTENUATION_DB - 7.95) / 14.36 / (2 * HALF_WIDTH);

    private final int half;
    private final int rows;
    private final boolean interpolates;
    private final float[][] taps;

    /**
     * Samples the filter.
     *
     * @param step input samples from one output to the next, as a fraction in lowest terms: numerator
     * @param phases its denominator: at how many positions between two input samples outputs fall
     */
    SincFilterBank(int step, int phases) {
        double scale = Math.max(1, (double) step / phases);
        half = step == phases ? 1 : (int) Math.ceil(HALF_WIDTH * scale);
        interpolates = phases > MAX_PHASES;
        rows = interpolates ? MAX_PHASES : phases;
        taps = new float[interpolates ? rows + 1 : rows][];
        for (int row = 0; row < taps.length; row++) {
            taps[row] = step == phases ? new float[] {1, 0} : row((double) row / rows, scale);
        }
    }

    /** Number of input samples before and after an output that contribute to it: the output lies between number half - 1 and number half. */
    int half() {
        return half;
    }

    /**
     * One output.
     *
     * @param input the input samples
     * @param start the first of the {@code 2 * half()} that contribute
     * @param phase where between the two middle ones the output lies, from 0 to {@code phases} - 1
     * @param phases the number of phases that this bank was made for
     */
    float apply(float[] input, int start, int phase, int phases) {
        if (!interpolates) {
            return (float) dot(taps[phase], input, start);
        }
        double position = (double) phase * rows / phases;
        int row = (int) position;
        double fraction = position - row;
        return (float) ((1 - fraction) * dot(taps[row], input, start) + fraction * dot(taps[row + 1], input, start));
    }

    private static double dot(float[] weights, float[] input, int start) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += (double) weights[i] * input[start + i];
        }
        return sum;
    }

    /** Returns the filter at one position between two input samples, scaled to unit gain at 0 Hz. */
    private float[] row(double position, double scale) {
        double[] weights = new double[2 * half];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = kernel((position + half - 1 - i) / scale);
            sum += weights[i];
        }
        float[] row = new float[weights.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (weights[i] / sum);
        }
        return row;
    }

    /** The windowed sinc, at a distance in samples of the lower rate. Its cut-off is the middle of the transition band. */
    private static double kernel(double distance) {
        double x = distance / HALF_WIDTH;
        if (Math.abs(x) >= 1) {
            return 0;
        }
        double angle = Math.PI * distance * (1 - TRANSITION);
        double sinc = angle == 0 ? 1 : Math.sin(angle) / angle;
        return sinc * bessel(BETA * Math.sqrt(1 - x * x));
    }

    /** The modified Bessel function of the first kind and order 0, by its power series. */
    private static double bessel(double x) {
        double quarter = x * x / 4;
        double term = 1;
        double sum = 1;
        for (int k = 1; term > sum * 0x1p-53; k++) {
            term *= quarter / ((double) k * k);
            sum += term;
        }
        return sum;
    }
}

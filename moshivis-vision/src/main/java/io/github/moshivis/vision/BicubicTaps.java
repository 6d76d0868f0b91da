package io.github.moshivis.vision;

/**
 * The fixed-point weights of one pass of {@link BicubicResize}: which inputs make each output, and how much of each.
 *
 * <p>All in float64 until the last step, in the reference's order of operations. Immutable.
 */
final class BicubicTaps {
    /** The cubic convolution kernel's free parameter that Pillow and torch use with antialiasing. */
    private static final double A = -0.5;
    /** Half the width of the kernel, in input pixels, when enlarging. */
    private static final double KERNEL_RADIUS = 2;
    /** Weights are 16-bit integers in the reference. */
    private static final int WEIGHT_LIMIT = 1 << 15;
    /** The most fraction bits that leave room for the sum of products in 32 bits. */
    private static final int MAX_PRECISION = 22;

    private final int[] first;
    private final int[][] weights;
    private final int precision;

    private BicubicTaps(int[] first, int[][] weights, int precision) {
        this.first = first;
        this.weights = weights;
        this.precision = precision;
    }

    /**
     * The weights that turn a line of {@code in} pixels into one of {@code out} pixels.
     *
     * @param in at least 1
     * @param out at least 1
     */
    static BicubicTaps of(int in, int out) {
        double scale = (double) in / out;
        double stretch = Math.max(scale, 1);
        int[] first = new int[out];
        double[][] exact = new double[out][];
        double largest = 0;
        for (int i = 0; i < out; i++) {
            double center = scale * (i + 0.5);
            double support = KERNEL_RADIUS * stretch;
            first[i] = Math.max((int) (center - support + 0.5), 0);
            int end = Math.min((int) (center + support + 0.5), in);
            exact[i] = normalized(first[i], end, center, 1 / stretch);
            for (double weight : exact[i]) {
                largest = Math.max(largest, weight);
            }
        }
        int precision = 0;
        while (precision < MAX_PRECISION && (int) (0.5 + largest * (1 << precision + 1)) < WEIGHT_LIMIT) {
            precision++;
        }
        return new BicubicTaps(first, fixedPoint(exact, precision), precision);
    }

    private static double[] normalized(int first, int end, double center, double shrink) {
        double[] weights = new double[end - first];
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
            weights[j] = cubic((j + first - center + 0.5) * shrink);
            sum += weights[j];
        }
        for (int j = 0; j < weights.length; j++) {
            weights[j] /= sum;
        }
        return weights;
    }

    /** The cubic convolution kernel (Keys, 1981). */
    private static double cubic(double offset) {
        double x = Math.abs(offset);
        if (x < 1) {
            return ((A + 2) * x - (A + 3)) * x * x + 1;
        }
        return x < 2 ? ((A * x - 5 * A) * x + 8 * A) * x - 4 * A : 0;
    }

    private static int[][] fixedPoint(double[][] exact, int precision) {
        int[][] weights = new int[exact.length][];
        for (int i = 0; i < exact.length; i++) {
            weights[i] = new int[exact[i].length];
            for (int j = 0; j < exact[i].length; j++) {
                double scaled = exact[i][j] * (1 << precision);
                weights[i][j] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5); // half away from zero
            }
        }
        return weights;
    }

    /** The first input of an output. */
    int first(int output) {
        return first[output];
    }

    /** The weights of an output's inputs, from its first on; not to be changed. */
    int[] weights(int output) {
        return weights[output];
    }

    /** Returns the initial value of a sum, with which {@link #toByte} rounds. */
    int half() {
        return precision == 0 ? 0 : 1 << precision - 1;
    }

    /** A pixel from a sum of {@link #half} and weighted pixels. */
    byte toByte(int sum) {
        return (byte) Math.max(0, Math.min(255, sum >> precision));
    }
}

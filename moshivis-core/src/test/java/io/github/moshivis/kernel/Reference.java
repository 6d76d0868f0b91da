package io.github.moshivis.kernel;

/** What products must give, computed in double with the numbers that kernels see after their roundings. */
final class Reference {
    private static final int UNIT = 32;

    /** Below, kernels take magnitudes for zero: 2^-119. */
    private static final float SMALLEST = 0x1p-119f;

    private Reference() {}

    /** A row of activations as packed products round it: 8 bits with a scale for each 32 columns. */
    static double[] rounded(float[] x) {
        double[] result = new double[x.length];
        boolean finite = true;
        for (int from = 0; from < x.length; from += UNIT) {
            int to = Math.min(from + UNIT, x.length);
            float largest = 0;
            for (int i = from; i < to; i++) {
                finite &= Float.isFinite(x[i]);
                largest = Math.max(largest, Math.abs(x[i]));
            }
            if (largest >= SMALLEST) {
                float inverse = 127 / largest;
                for (int i = from; i < to; i++) {
                    result[i] = Math.rint(x[i] * inverse) * (double) (largest / 127);
                }
            }
        }
        if (!finite) {
            java.util.Arrays.fill(result, Double.NaN);
        }
        return result;
    }

    /** A row of weights in symmetric groups of 4 bits, as {@code packNumbers} rounds it; group 0: 8 bits, a scale a row. */
    static double[] rounded(float[] w, int bits, int group) {
        int size = group == 0 ? w.length : group;
        float levels = bits == 4 ? 8 : 127;
        float multiplier = group == 0 ? 1 : multiplier(largest(w, 0, w.length) / levels);
        double[] result = new double[w.length];
        for (int from = 0; from < w.length; from += size) {
            int to = Math.min(from + size, w.length);
            float exact = bits == 4 ? farthest(w, from, to) / -8 : largest(w, from, to) / 127;
            float scale = group == 0 ? exact : half(exact / multiplier) * multiplier;
            float inverse = Math.abs(scale) < Float.MIN_NORMAL ? 0 : 1 / scale;
            for (int i = from; i < to; i++) {
                double q = Math.rint(w[i] * inverse);
                q = bits == 4 ? Math.max(-8, Math.min(7, q)) : Math.max(-127, Math.min(127, q));
                result[i] = q * scale;
            }
        }
        return result;
    }

    /** A power of two: brings the largest scale of a row to between 2^14 and 2^15. */
    private static float multiplier(float largest) {
        int exponent = Math.max(1, (Float.floatToIntBits(largest) >> 23) - 14);
        return Float.intBitsToFloat(exponent << 23);
    }

    private static float largest(float[] w, int from, int to) {
        float largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(w[i]));
        }
        return largest;
    }

    private static float farthest(float[] w, int from, int to) {
        float least = 0;
        float most = 0;
        for (int i = from; i < to; i++) {
            least = Math.min(least, w[i]);
            most = Math.max(most, w[i]);
        }
        return -least > most ? least : most;
    }

    /** The nearest half-precision number, ties to even. */
    static float half(float x) {
        double magnitude = Math.abs((double) x);
        double unit = magnitude < 0x1p-14 ? 0x1p-24 : Math.scalb(1.0, Math.getExponent(magnitude) - 10);
        return (float) Math.copySign(Math.rint(magnitude / unit) * unit, x);
    }

    static double dot(double[] w, double[] x) {
        double sum = 0;
        for (int i = 0; i < w.length; i++) {
            sum += w[i] * x[i];
        }
        return sum;
    }

    /** The sum of magnitudes: what float32's rounding of a sum is measured against. */
    static double size(double[] w, double[] x) {
        double sum = 0;
        for (int i = 0; i < w.length; i++) {
            sum += Math.abs(w[i] * x[i]);
        }
        return sum;
    }
}

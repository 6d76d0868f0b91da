package io.github.moshivis.train.model;

import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.tensor.Updates;
import java.util.random.RandomGenerator;

/**
 * A table of vectors that follows what is quantized with it, by moving sums and not by gradients. Follows {@code
 * moshi/quantization/core_vq.py}, EuclideanCodebook.
 *
 * @param usage how many vectors were given to each code, moving, [bins]
 * @param sum of those vectors, moving, [bins, Q]
 */
record CodebookSequence(Parameter usage, Parameter sum) {
    /** Rarely used codes count as if used so often (core_vq.py). */
    private static final double MIN_USAGE = 1e-5;

    private static final double DECAY = 0.99;

    /** Codes that are used less than this share of the mean are replaced. */
    private static final double MIN_SHARE = 0.1;

    /** The vectors, [bins, Q]; no gradient goes through them. */
    Tensor vectors() {
        Tensor used = Ops.clampMin(usage.value(), MIN_USAGE);
        return Autograd.detach(sum.value().div(used.unsqueeze(-1)));
    }

    /** The nearest vectors, by Euclidean distance: x [n, Q] -> I64 [n]. */
    static Tensor nearest(Tensor x, Tensor vectors) {
        Tensor offsets = Ops.sum(Ops.square(vectors), -1).select(-1, 0).mul(-0.5); // [bins]
        return Ops.argmax(x.matmul(vectors.transpose(0, 1)).add(offsets)); // [n, bins] -> [n]
    }

    /** Moves the sums: x [n, Q] was given to codes I64 [n]. */
    void follow(Tensor x, Tensor codes) {
        Tensor count = usage.value();
        Updates.scale(count, DECAY);
        Updates.addRows(count, codes, Tensor.full(1 - DECAY, DType.F32, x.device(), x.size(0)));
        Tensor total = sum.value();
        Updates.scale(total, DECAY);
        Updates.addRows(total, codes, x.mul(1 - DECAY));
    }

    /** The codes that are used too rarely, by their numbers. */
    boolean[] expired() {
        float[] counts = usage.value().toFloats();
        double mean = meanOf(counts);
        boolean[] expired = new boolean[counts.length];
        for (int i = 0; i < counts.length; i++) {
            expired[i] = counts[i] < MIN_SHARE * mean;
        }
        return expired;
    }

    private static double meanOf(float[] counts) {
        double sum = 0;
        for (float count : counts) {
            sum += count;
        }
        return sum / counts.length;
    }

    /** Gives codes that are used too rarely vectors of the batch, x [n, Q], at random, and the mean usage. */
    void replaceExpired(Tensor x, RandomGenerator random) {
        boolean[] expired = expired();
        double mean = meanOf(usage.value().toFloats());
        for (int code = 0; code < expired.length; code++) {
            if (expired[code]) {
                Tensor vector = x.select(0, random.nextInt((int) x.size(0)));
                sum.value().select(0, code).copyFrom(vector.mul(mean));
                usage.value().narrow(0, code, 1).fill(mean);
            }
        }
    }
}

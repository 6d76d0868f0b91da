package io.github.moshivis.audio.mimi;

import io.github.moshivis.nn.Linear;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * A table of vectors. The nearest by Euclidean distance is the one with the largest x c - |c|^2 / 2. Follows {@code
 * moshi/quantization/core_vq.py}, EuclideanCodebook.
 *
 * @param vectors F32 [bins, Q]
 * @param scores Q -> bins, the vectors with minus half their squared lengths as bias
 */
record Codebook(Tensor vectors, Linear scores) {
    /** Minimum count of a cluster, as in core_vq.py. */
    private static final double MIN_USAGE = 1e-5;

    /** The vectors [bins, Q] from what a file holds: the sums [bins, Q] and counts [bins] of the training's clusters. */
    static Tensor vectors(Tensor sums, Tensor usage) {
        return sums.div(Ops.clampMin(usage, MIN_USAGE).unsqueeze(-1));
    }

    /** Part of the distance that does not depend on x: -|c|^2 / 2 of vectors [bins, Q] -> [bins]. */
    static Tensor offsets(Tensor vectors) {
        return Ops.sum(Ops.square(vectors), -1).select(-1, 0).mul(-0.5); // [bins, Q] -> [bins, 1] -> [bins]
    }

    /** Returns the nearest vectors. [B, T, Q] -> I64 [B, T]. */
    Tensor nearest(Tensor x) {
        return Ops.argmax(scores.forward(x));
    }

    /** I64 [B, T] -> [B, T, Q]. */
    Tensor lookUp(Tensor codes) {
        return Ops.embedding(vectors, codes);
    }

    /** Returns whether {@link #record} takes a number of rows. */
    boolean isRecorded(long rows) {
        return scores.isRecorded(DType.F32, rows);
    }

    /** Appends {@link #nearest} to a program, and the subtraction of the vectors: F32 [B, Q], a column of I64 [B, K]. */
    void record(KernelProgram program, Tensor rest, Tensor codes, int column) {
        Tensor found = program.between(DType.F32, rest.size(0), scores.out());
        scores.record(program, rest, found);
        program.subtractNearest(found, vectors, rest, codes, column);
    }
}

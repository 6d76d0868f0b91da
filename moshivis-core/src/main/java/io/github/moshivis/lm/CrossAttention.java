package io.github.moshivis.lm;

import io.github.moshivis.nn.Linear;
import io.github.moshivis.nn.RowAttention;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Tensor;

/**
 * Cross-attention of a step to the picture. No positions, no mask beyond the picture's length, no biases; all layers share one set of
 * projections. Follows {@code kyuteye/modules/cross_attention.py}.
 *
 * @param query [D] -> [D]
 * @param keyValue [X] -> [2D], rows K, V
 * @param output [D] -> [D]
 * @param heads H
 */
public record CrossAttention(Linear query, Linear keyValue, Linear output, int heads) {
    /**
     * Keys and values of a picture, [1, N, D] each, heads not split.
     *
     * @param keys K
     * @param values V
     */
    record ImageKeysValues(Tensor keys, Tensor values) {}

    /**
     * Computes the keys and values of one picture, which all layers share.
     *
     * @param features [1, N, X]
     */
    ImageKeysValues keysValues(Tensor features) {
        Tensor both = keyValue.forward(features); // [1, N, X] -> [1, N, 2D]
        long dim = both.size(-1) / 2;
        return new ImageKeysValues(both.narrow(-1, 0, dim), both.narrow(-1, dim, dim));
    }

    /** Returns whether {@link #record} takes rows of a type. */
    boolean isRecorded(DType dtype, long rows) {
        return query.isRecorded(dtype, rows) && output.isRecorded(dtype, rows);
    }

    /**
     * Appends {@link #forward} to a program, where {@link #isRecorded} allows.
     *
     * @param program takes it
     * @param x [B, 1, D], contiguous; is written to
     * @param pictures keys and values
     * @param counts I64 [B], the number of tokens that each row attends to, at least 1
     * @param y takes the result
     */
    void record(KernelProgram program, Tensor x, KeysValues pictures, Tensor counts, Tensor y) {
        Tensor queries = program.between(x.dtype(), x.size(0), x.size(2));
        query.record(program, x, queries);
        program.read(pictures, queries, counts, x);
        output.record(program, x, y);
    }

    /**
     * Attends to the pictures.
     *
     * @param x [B, 1, D]
     * @param image the pictures of this tick
     * @return [B, 1, D]; undefined in rows without a picture
     */
    Tensor forward(Tensor x, ImageWindow image) {
        long rows = x.size(0);
        long dim = x.size(2);
        Tensor queries = query.forward(x);
        if (image.counts() != null) {
            Tensor attended = image.all().read(queries.view(rows, dim), image.counts(), image.longest());
            return output.forward(attended.view(rows, 1, dim));
        }
        Tensor q = queries.view(rows, 1, heads, dim / heads).transpose(1, 2); // [B, 1, D] -> [B, H, 1, D/H]
        Tensor attended = RowAttention.attend(
                        q.to(image.keys().dtype()), image.keys(), image.values(), image.mask(), image.lengths())
                .to(x.dtype()); // [B, H, 1, D/H]
        return output.forward(attended.reshape(rows, 1, dim)); // -> [B, 1, D]
    }
}

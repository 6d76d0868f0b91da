package io.github.moshivis.nn;

import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * Attention of rows that see different numbers of keys. On the CPU each row attends to its own keys separately: a longer window whose
 * rest is masked adds zeros in another order, which changes the last bits, so that a row would depend on how long others talk.
 * That costs a call for each row, and saves the keys that a row does not see. Elsewhere, and in work that is to be replayed, all
 * rows attend at once under the mask.
 */
public final class RowAttention {
    /** Keys of fewer bytes are read faster than threads are told to share them. */
    private static final long SHARED = 1 << 18;

    private RowAttention() {}

    /**
     * Attends.
     *
     * @param query [B, H, N, D]
     * @param keys [B, H, T, D]
     * @param values [B, H, T, D]
     * @param mask which keys each query sees, [B, 1, N, T], BOOL or {@link Ops#additiveMask}; null if all see all
     * @param lengths for each row, how many of the first keys it sees some of, at least 1; null for all rows at once
     * @return [B, H, N, D]
     */
    public static Tensor attend(Tensor query, Tensor keys, Tensor values, Tensor mask, int[] lengths) {
        if (lengths == null) {
            return Ops.attention(query, keys, values, mask);
        }
        if (mask == null || lengths.length == 1) {
            return headByHead(query, keys, values, mask);
        }
        Tensor[] rows = new Tensor[lengths.length];
        for (int row = 0; row < rows.length; row++) {
            Tensor seen = mask.narrow(0, row, 1).narrow(3, 0, lengths[row]);
            rows[row] = headByHead(
                    query.narrow(0, row, 1), first(keys, row, lengths[row]), first(values, row, lengths[row]), seen);
        }
        return Ops.cat(0, rows); // [1, H, N, D] -> [B, H, N, D]
    }

    /** Heads do not depend on each other: threads share them. */
    private static Tensor headByHead(Tensor query, Tensor keys, Tensor values, Tensor mask) {
        if (KernelThreads.count() == 1 || keys.bytes() < SHARED) {
            return Ops.attention(query, keys, values, mask);
        }
        Tensor result = Tensor.empty(
                        query.dtype(), query.device(), query.size(0), query.size(2), query.size(1), query.size(3))
                .transpose(1, 2); // [B, H, N, D], as Ops.attention lays it out
        KernelThreads.split(query.size(1), 1, (from, length) -> result.narrow(1, from, length)
                .copyFrom(Ops.attention(
                        query.narrow(1, from, length),
                        keys.narrow(1, from, length),
                        values.narrow(1, from, length),
                        mask)));
        return result;
    }

    private static Tensor first(Tensor x, int row, int length) {
        return x.narrow(0, row, 1).narrow(2, 0, length); // [B, H, T, D] -> [1, H, length, D]
    }
}

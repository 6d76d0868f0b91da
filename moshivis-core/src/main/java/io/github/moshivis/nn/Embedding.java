package io.github.moshivis.nn;

import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.RowOperators;
import io.github.moshivis.tensor.Tensor;

/**
 * A table of vectors. The id -1 stands for "nothing" and gives zeros. Follows {@code kyuteye/modules/utils.py}, ClampedEmbedding.
 *
 * @param table [entries, D]; not owned
 */
public record Embedding(Tensor table) {
    /**
     * Looks up rows.
     *
     * @param ids I64 [B], each -1 or a row of the table
     * @return [B, D]
     */
    public Tensor forward(Tensor ids) {
        if (RowOperators.fitTable(table)) {
            return RowOperators.lookUp(table, ids);
        }
        Tensor vectors = Ops.embedding(table, Ops.clampMin(ids, 0L)); // [B, D]
        return Ops.where(Ops.atLeast(ids, 0).unsqueeze(-1), vectors, 0.0);
    }
}

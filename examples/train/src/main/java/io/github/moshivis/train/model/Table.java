package io.github.moshivis.train.model;

import io.github.moshivis.nn.Embedding;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Tensor;

/**
 * A table of vectors; -1 stands for nothing and gives zeros.
 *
 * @param vectors [entries, D]
 */
record Table(Parameter vectors) {
    /** I64 [n] -> [n, D]. */
    Tensor forward(Tensor ids, DType dtype) {
        return new Embedding(vectors.value()).forward(ids).to(dtype);
    }
}

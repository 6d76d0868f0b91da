package io.github.moshivis.train.model;

import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.Shape;

/**
 * A tensor as a layer sees it: some rows of a tensor of the file, without leading dimensions of size 1. Gradients reach the tensor of the
 * file, whatever shares it.
 *
 * @param leaf the tensor of the file; owned by {@link Parameters}
 * @param first the first of its rows
 * @param shape of the rows
 */
record Parameter(Tensor leaf, long first, Shape shape) {
    /** A view of the rows. */
    Tensor value() {
        long rows = shape.dimension(0);
        Shape whole = shape.with(0, leaf.elements() / shape.entry().elements());
        return leaf.view(whole.toArray()).narrow(0, first, rows);
    }
}

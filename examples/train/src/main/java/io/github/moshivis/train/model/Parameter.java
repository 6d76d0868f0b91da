package io.github.moshivis.train.model;

import io.github.moshivis.tensor.Tensor;

/**
 * A tensor as a layer sees it: some rows of a tensor of the file, without leading dimensions of size 1. Gradients reach the tensor of the
 * file, whatever shares it.
 *
 * @param leaf the tensor of the file; owned by {@link Parameters}
 * @param first the first of its rows
 * @param shape of the rows
 */
record Parameter(Tensor leaf, long first, long... shape) {
    /** A view of the rows. */
    Tensor value() {
        long[] whole = shape.clone();
        whole[0] = leaf.elements() / (elements() / shape[0]);
        return leaf.view(whole).narrow(0, first, shape[0]);
    }

    private long elements() {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        return elements;
    }
}

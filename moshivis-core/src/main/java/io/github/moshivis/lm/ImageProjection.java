package io.github.moshivis.lm;

import io.github.moshivis.nn.Linear;
import io.github.moshivis.nn.RowBlock;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.List;

/**
 * Projects a picture's features to its keys and values, one block of tokens per call: from the second to the third stop of a picture's
 * walk (features, image keys and values, the reader's window). Owns two tensors between calls. Not thread-safe.
 */
public final class ImageProjection implements AutoCloseable {
    private final Linear keyValue;
    private final List<RowBlock> blocks;
    private final Tensor features;
    private final Tensor projected;
    private int done;

    /**
     * Creates the projection; nothing is computed yet.
     *
     * @param keyValue [X] -> [2D]
     * @param features [1, N, X] in the type to compute in; may be freed afterwards
     * @param width 2D
     */
    ImageProjection(Linear keyValue, Tensor features, long width) {
        this.keyValue = keyValue;
        long count = features.size(1);
        this.blocks = RowBlock.of(count, features.size(2) * width, RowBlock.most(features.device()));
        try (Scope scope = Scope.open()) {
            Tensor result = Tensor.empty(features.dtype(), features.device(), 1, count, width);
            this.features = features.view(features.shape()).keep();
            this.projected = result.keep();
        }
    }

    /**
     * Does one piece of work.
     *
     * @return whether there is more to do
     */
    public boolean advance() {
        RowBlock block = blocks.get(done);
        try (Scope scope = Scope.open()) {
            projected
                    .narrow(1, block.from(), block.count())
                    .copyFrom(keyValue.forward(features.narrow(1, block.from(), block.count()))); // [1, n, 2D]
        }
        done++;
        return done < blocks.size();
    }

    /** The keys and values, once {@link #advance} has returned false; a view. */
    CrossAttention.ImageKeysValues keysValues() {
        long dim = projected.size(-1) / 2;
        return new CrossAttention.ImageKeysValues(projected.narrow(-1, 0, dim), projected.narrow(-1, dim, dim));
    }

    @Override
    public void close() {
        features.close();
        projected.close();
    }
}

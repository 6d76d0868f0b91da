package io.github.moshivis.lm;

import io.github.moshivis.nn.Linear;
import io.github.moshivis.nn.RowBlock;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.List;

/**
 * A first look at a picture: keys and values of its tokens, a block of tokens at a time. Between calls it owns two tensors. Used by one
 * thread at a time.
 */
public final class Look implements AutoCloseable {
    private final Linear keyValue;
    private final List<RowBlock> blocks;
    private final Tensor features;
    private final Tensor seen;
    private int done;

    /**
     * Begins; nothing is computed yet.
     *
     * @param keyValue [X] -> [2D]
     * @param features [1, N, X] in the type to compute in; what it views may be freed afterwards
     * @param width 2D
     */
    Look(Linear keyValue, Tensor features, long width) {
        this.keyValue = keyValue;
        long count = features.size(1);
        this.blocks = RowBlock.of(count, features.size(2) * width, RowBlock.most(features.device()));
        try (Scope scope = Scope.open()) {
            Tensor result = Tensor.empty(features.dtype(), features.device(), 1, count, width);
            this.features = features.view(features.shape()).keep();
            this.seen = result.keep();
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
            seen.narrow(1, block.from(), block.count())
                    .copyFrom(keyValue.forward(features.narrow(1, block.from(), block.count()))); // [1, n, 2D]
        }
        done++;
        return done < blocks.size();
    }

    /** What was seen, once {@link #advance} has returned false; a view. */
    CrossAttention.Memory memory() {
        long dim = seen.size(-1) / 2;
        return new CrossAttention.Memory(seen.narrow(-1, 0, dim), seen.narrow(-1, dim, dim));
    }

    @Override
    public void close() {
        features.close();
        seen.close();
    }
}

package io.github.moshivis.vision;

import io.github.moshivis.nn.RowBlock;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Encoding of one picture, a block of tokens at a time: first the patches; then for each layer keys and values of all blocks, and the
 * layer's output of all blocks; then projection and norm. Between calls it owns four tensors. Used by one thread at a time. A failed call
 * can be repeated.
 */
final class SiglipEncoding implements ImageEncoder.Encoding {
    private final SiglipNetwork network;
    private final float[] pixels;
    private final int height;
    private final int width;
    private final List<Runnable> pieces = new ArrayList<>();
    private int done;
    private Tensor tokens;
    private Tensor keys;
    private Tensor values;
    private Tensor features;
    private boolean closed;

    /**
     * Creates an encoding without computing anything.
     *
     * @param network the network
     * @param pixels normalized, [3, height, width]; not copied
     * @param height at least a patch
     * @param width at least a patch
     * @param most multiplications in a piece of work
     */
    SiglipEncoding(SiglipNetwork network, float[] pixels, int height, int width, long most) {
        this.network = network;
        this.pixels = pixels;
        this.height = height;
        this.width = width;
        plan(network.embedding().tokens(height, width), most);
    }

    private void plan(long count, long most) {
        pieces.add(this::embed);
        for (SiglipLayer layer : network.layers()) {
            for (RowBlock block : RowBlock.of(count, layer.showCost(), most)) {
                pieces.add(() -> layer.keysAndValues(rows(tokens, block), rows(keys, block), rows(values, block)));
            }
            for (RowBlock block : RowBlock.of(count, layer.cost(count), most)) {
                pieces.add(() -> rows(tokens, block).copyFrom(layer.forward(rows(tokens, block), keys, values)));
            }
        }
        for (RowBlock block : RowBlock.of(count, network.finishCost(), most)) {
            pieces.add(() -> rows(features, block).copyFrom(network.finish(rows(tokens, block))));
        }
    }

    private static Tensor rows(Tensor tensor, RowBlock block) {
        return tensor.narrow(1, block.from(), block.count()); // [1, N, ..] -> [1, n, ..]
    }

    @Override
    public boolean advance() {
        requireOpen();
        if (isComplete()) {
            return false;
        }
        try (Scope scope = Scope.open()) {
            pieces.get(done).run();
        }
        done++;
        return !isComplete();
    }

    private void embed() {
        Tensor picture = Tensor.of(pixels, network.device(), 3, height, width);
        Tensor embedded = network.embedding().forward(picture); // [3, H, W] -> [1, N, C]
        // In float32 on the CPU, where LibTorch's attention is many times slower in bfloat16.
        DType shown = network.device().isCpu() ? DType.F32 : embedded.dtype();
        Tensor emptyKeys = Tensor.empty(shown, network.device(), embedded.shape());
        Tensor emptyValues = Tensor.empty(shown, network.device(), embedded.shape());
        Tensor empty = Tensor.empty(embedded.dtype(), network.device(), 1, embedded.size(1), network.width());
        tokens = embedded.keep(); // no failures from here on
        keys = emptyKeys.keep();
        values = emptyValues.keep();
        features = empty.keep();
    }

    private boolean isComplete() {
        return done == pieces.size();
    }

    @Override
    public Tensor features() {
        requireOpen();
        if (!isComplete()) {
            throw new IllegalStateException("The features of a picture were asked for after " + done + " of "
                    + pieces.size() + " pieces of work; call advance() until it returns false");
        }
        return features.view(features.shape());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("This picture's encoding is closed; begin a new one");
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Tensor held : new Tensor[] {tokens, keys, values, features}) {
            if (held != null) {
                held.close();
            }
        }
    }
}

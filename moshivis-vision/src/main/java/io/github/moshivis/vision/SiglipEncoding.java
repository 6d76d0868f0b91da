package io.github.moshivis.vision;

import io.github.moshivis.model.ImageEncoder;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;

/**
 * A picture on its way through the network: first the patches, then one layer a call, then projection and norm. Between calls it
 * owns one tensor, the tokens so far. Used by one thread at a time. A call that fails leaves it as it was.
 */
final class SiglipEncoding implements ImageEncoder.Encoding {
    private final SiglipNetwork network;
    private final float[] pixels;
    private final int height;
    private final int width;
    private int done;
    private Tensor tokens;
    private boolean closed;

    /**
     * Begins; nothing is computed yet.
     *
     * @param network what to pass through
     * @param pixels normalised, [3, height, width]; not copied
     * @param height at least a patch
     * @param width at least a patch
     */
    SiglipEncoding(SiglipNetwork network, float[] pixels, int height, int width) {
        this.network = network;
        this.pixels = pixels;
        this.height = height;
        this.width = width;
    }

    @Override
    public boolean advance() {
        requireOpen();
        if (isComplete()) {
            return false;
        }
        try (Scope scope = Scope.open()) {
            Tensor next = piece().keep();
            release();
            tokens = next;
        }
        done++;
        return !isComplete();
    }

    private Tensor piece() {
        if (done == 0) {
            Tensor picture = Tensor.of(pixels, network.embedding().weight().device(), 3, height, width);
            return network.embedding().forward(picture); // [3, H, W] -> [1, N, C]
        }
        int layers = network.layers().size();
        return done <= layers ? network.layers().get(done - 1).forward(tokens) : network.finish(tokens);
    }

    private boolean isComplete() {
        return done == network.layers().size() + 2;
    }

    @Override
    public Tensor features() {
        requireOpen();
        if (!isComplete()) {
            throw new IllegalStateException("The features of a picture were asked for after " + done + " of "
                    + (network.layers().size() + 2) + " pieces of work; call advance() until it returns false");
        }
        return tokens.view(tokens.shape());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("This picture's encoding is closed; begin a new one");
        }
    }

    private void release() {
        if (tokens != null) {
            tokens.close();
            tokens = null;
        }
    }

    @Override
    public void close() {
        closed = true;
        release();
    }
}

package io.github.moshivis.plugin.tensor;

import io.github.moshivis.io.Image;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;

/** A picture that somebody else encoded: all there is to do is to bring it to the device. */
public final class GivenFeatures implements ImageEncoder.Encoding {
    private final Image.Features given;
    private final Device device;
    private Tensor features;

    /**
     * Takes features.
     *
     * @param given the features
     * @param device where they shall be
     */
    public GivenFeatures(Image.Features given, Device device) {
        this.given = given;
        this.device = device;
    }

    @Override
    public boolean advance() {
        if (features == null) {
            int width = given.values().length / given.tokens();
            try (Scope scope = Scope.open()) {
                features = Tensor.of(given.values(), device, 1, given.tokens(), width)
                        .keep(); // [1, N, D]
            }
        }
        return false;
    }

    @Override
    public Tensor features() {
        if (features == null) {
            throw new IllegalStateException(
                    "The features of a picture were asked for before they are there;" + " call advance() first");
        }
        return features.view(features.shape());
    }

    @Override
    public void close() {
        if (features != null) {
            features.close();
        }
    }
}

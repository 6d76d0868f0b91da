package io.github.moshivis.train.model;

import io.github.moshivis.tensor.Tensor;

/** A linear layer with a bias that tells classes apart: a head that helps to train what it reads, and is thrown away later. Immutable. */
public final class Classifier {
    private final Projection projection;

    /**
     * Builds the layer over parameters.
     *
     * @param parameters has or makes {@code name.weight} and {@code name.bias}
     * @param name of the layer
     * @param classes how many
     * @param width of what it reads
     */
    public Classifier(Parameters parameters, String name, long classes, long width) {
        this.projection = new Layers(parameters, null, "").biased(name, classes, width);
    }

    /** Logits: [.., width] -> [.., classes]. */
    public Tensor forward(Tensor x) {
        return projection.forward(x);
    }
}

package io.github.moshivis.train.model;

import io.github.moshivis.nn.RmsNorm;

/**
 * Asks for the tensors of layers, under a prefix of our names.
 *
 * @param parameters of the model
 * @param adapter what is added to matrix products; null for nothing
 * @param prefix empty, or ending in a dot
 */
record Layers(Parameters parameters, AdapterParameters adapter, String prefix) {
    /** The names under a further prefix, given without its dot. */
    Layers at(Object child) {
        return new Layers(parameters, adapter, prefix + child + ".");
    }

    Parameter tensor(String name, long... shape) {
        return parameters.get(prefix + name, shape);
    }

    /** A matrix product whose weight is the tensor of that name. */
    Projection matrix(String name, long out, long in) {
        return new Projection(
                tensor(name, out, in), null, adapter == null ? null : adapter.pair(prefix + name, out, in));
    }

    /** A matrix product with a bias: tensors {@code weight} and {@code bias} under the name. */
    Projection biased(String name, long out, long in) {
        return new Projection(tensor(name + ".weight", out, in), tensor(name + ".bias", out), null);
    }

    RootNorm rootNorm(String name, long width, RmsNorm.Spec spec) {
        return new RootNorm(tensor(name, width), spec);
    }

    CenteredNorm centeredNorm(String name, long width, double epsilon) {
        return new CenteredNorm(tensor(name + ".weight", width), tensor(name + ".bias", width), epsilon);
    }
}

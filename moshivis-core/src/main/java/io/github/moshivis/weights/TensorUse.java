package io.github.moshivis.weights;

/**
 * Use of a tensor in a model's step.
 *
 * @param role its role
 * @param passes how often a step that reads tensors of this role reads this one: once; for each layer, where layers share it; never,
 *     where it is read once a picture
 */
public record TensorUse(TensorRole role, int passes) {
    /** Use by a loader that states none. */
    static final TensorUse UNSTATED = new TensorUse(TensorRole.UNSTATED, 1);

    /**
     * Bytes of a tensor in memory.
     *
     * @param use its use
     * @param all bytes of the tensor, in the form in which it is held
     * @param row bytes of one of its rows
     */
    public record Bytes(TensorUse use, long all, long row) {}
}

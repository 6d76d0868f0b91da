package io.github.moshivis.load;

/**
 * Which norms the depth transformer and the image projection use: the public back ends disagree, with the same weights. The
 * temporal transformer's are the same in all of them.
 */
public enum Norms {
    /** Division by the unbiased variance, as the PyTorch back end of MoshiVis runs. The default for models that see images. */
    PYTORCH,
    /** Division by the mean of squares, as the Rust and MLX back ends and plain Moshi run. The default for plain Moshi. */
    RUST
}

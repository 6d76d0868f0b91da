package io.github.moshivis.load;

import io.github.moshivis.nn.RmsNorm;

/**
 * Which norms the depth transformer and the image projection use: the public back ends disagree, with the same weights. The
 * temporal transformer's are the same in all of them.
 */
public enum Norms {
    /** Division by the unbiased variance, as the PyTorch back end of MoshiVis runs. The default for models that see images. */
    PYTORCH(RmsNorm.Spec.VARIANCE, RmsNorm.Spec.VARIANCE_UNCAST),
    /** Division by the mean of squares, as the Rust and MLX back ends and plain Moshi run. The default for plain Moshi. */
    RUST(RmsNorm.Spec.MEAN_OF_SQUARES, RmsNorm.Spec.MEAN_OF_SQUARES);

    private final RmsNorm.Spec depth;
    private final RmsNorm.Spec image;

    Norms(RmsNorm.Spec depth, RmsNorm.Spec image) {
        this.depth = depth;
        this.image = image;
    }

    /**
     * The norm of the depth transformer.
     *
     * @return its form
     */
    @SuppressWarnings("exports") // for the modules of this project
    public RmsNorm.Spec depth() {
        return depth;
    }

    /**
     * The norm of the image projection.
     *
     * @return its form
     */
    @SuppressWarnings("exports") // for the modules of this project
    public RmsNorm.Spec image() {
        return image;
    }
}

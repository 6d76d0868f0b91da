package io.github.moshivis;

/** Origin of a set of default values of {@link SamplingOptions}. */
public enum SamplingProfile {
    /** Defaults of the PyTorch reference and of this library ({@code LMGen} in {@code lm.py}). */
    PYTORCH,
    /** Defaults of the Rust reference's server ({@code stream_both.rs}). */
    RUST,
    /** Defaults of the MLX reference's server ({@code local_web.py}). */
    MLX,
    /** Defaults of the reference's web page ({@code useModelParams.ts}), which this project's server uses. */
    WEB_PAGE
}

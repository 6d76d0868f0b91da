package io.github.moshivis.load;

/** When the model hears a frame of the user: the public back ends disagree. */
public enum UserAlignment {
    /** In the step of the frame; the very first frame is never heard. As the PyTorch back end runs. The default. */
    PYTORCH(0),
    /** One step, 80 ms, later. As the Rust and MLX back ends run. */
    RUST(1);

    private final int lag;

    UserAlignment(int lag) {
        this.lag = lag;
    }

    /**
     * The delay of the user stream.
     *
     * @return steps of 80 ms
     */
    public int lag() {
        return lag;
    }
}

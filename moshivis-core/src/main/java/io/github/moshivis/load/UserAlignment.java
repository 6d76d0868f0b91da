package io.github.moshivis.load;

/** Alignment of the user's frames with the model's steps, on which the public back ends disagree. PersonaPlex has its own. */
public enum UserAlignment {
    /** The step of the frame itself; the first frame is never heard. As in the PyTorch back end. The default. */
    PYTORCH(0, false),
    /**
     * The step of the frame itself; the first frame is never heard, and the codec is reset after it, so that the second frame is
     * encoded as if it were the first. As moshi's own PyTorch server runs ({@code moshi/server.py}).
     */
    MOSHI(0, true),
    /** One step, 80 ms, later. As the Rust and MLX back ends run. */
    RUST(1, false);

    private final int lag;
    private final boolean restartsCodec;

    UserAlignment(int lag, boolean restartsCodec) {
        this.lag = lag;
        this.restartsCodec = restartsCodec;
    }

    /**
     * The delay of the user stream.
     *
     * @return steps of 80 ms
     */
    public int lag() {
        return lag;
    }

    /**
     * Returns whether the codec is reset after a conversation's first frame.
     *
     * @return true if its left padding is repeated then
     */
    public boolean restartsCodec() {
        return restartsCodec;
    }
}

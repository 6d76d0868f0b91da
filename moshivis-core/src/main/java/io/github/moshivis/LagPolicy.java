package io.github.moshivis;

/** The treatment of user frames while the model cannot keep up and 8 of them wait, which is 0.64 s of sound. */
public enum LagPolicy {
    /** The oldest of them is skipped and counted, so that the talk stays close to the present. The default for live sources. */
    SKIP_OLDEST,
    /** The source is not read until there is room, so that nothing is lost here. The default for all other sources. */
    BLOCK
}

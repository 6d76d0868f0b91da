package io.github.moshivis.audio.opus;

/** Shows the tests of other packages how much native memory is held. */
public final class NativeStates {
    private NativeStates() {}

    /** States of libopus that were not freed. */
    public static int live() {
        return NativeState.live();
    }
}

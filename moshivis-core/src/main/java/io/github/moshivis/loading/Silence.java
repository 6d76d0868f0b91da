package io.github.moshivis.loading;

import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;

/** Codes of silence, which settle within a few frames. */
final class Silence {
    /** Frames after which the codes no longer change, with some to spare. */
    private static final int FRAMES = 16;

    private Silence() {}

    /** Encodes silence from the beginning of a stream, a row of codes for each frame. */
    static int[][] encode(SpeechCodec codec, Device device) {
        int[][] codes = new int[FRAMES][];
        try (SpeechCodec.State state = codec.newState(1)) {
            for (int frame = 0; frame < FRAMES; frame++) {
                try (Scope scope = Scope.open()) {
                    Tensor silent = Tensor.zeros(DType.F32, device, 1, codec.frameSize());
                    long[] encoded =
                            codec.encode(silent, state, Rows.all(device, 1)).toLongs();
                    codes[frame] =
                            Arrays.stream(encoded).mapToInt(Math::toIntExact).toArray();
                }
            }
        }
        return codes;
    }
}

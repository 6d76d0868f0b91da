package io.github.moshivis.engine;

import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;

/** The codes of a voice, computed frame by frame in streaming order by a codec state of its own. Used by the inference thread. */
final class VoiceEncoding implements AutoCloseable {
    private final SpeechCodec codec;
    private final SpeechCodec.State state;
    private final Device device;
    private final float[] samples;
    private final int[][] codes;
    private int done;

    /**
     * Begins.
     *
     * @param samples whole frames
     * @param codebooks codes of a frame
     */
    VoiceEncoding(SpeechCodec codec, Device device, float[] samples, int codebooks) {
        this.codec = codec;
        this.device = device;
        this.samples = samples;
        this.codes = new int[samples.length / codec.frameSize()][codebooks];
        this.state = codec.newState(1);
    }

    /** Encodes one frame, if one is left; returns whether more are. */
    boolean advance() {
        if (done < codes.length) {
            int size = codec.frameSize();
            try (Scope scope = Scope.open()) {
                float[] frame = Arrays.copyOfRange(samples, done * size, (done + 1) * size);
                Tensor encoded = codec.encode(Tensor.of(frame, device, 1, size), state, Rows.all(device, 1));
                long[] all = encoded.toLongs();
                Arrays.setAll(codes[done], k -> (int) all[k]);
            }
            done++;
        }
        return done < codes.length;
    }

    /** The codes of all frames, a row each. */
    int[][] codes() {
        return codes;
    }

    @Override
    public void close() {
        state.close();
    }
}

package io.github.moshivis.model;

import io.github.moshivis.config.MimiConfig;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.WeightReader;

/**
 * Turns frames of speech into codes and back, frame by frame, for many conversations at once. Weights are immutable and owned by
 * whoever loaded them; state is explicit. Used by the inference thread alone, inside its scope.
 */
public interface SpeechCodec {
    /**
     * Samples in a frame.
     *
     * @return 1920 for Mimi: 80 ms at 24 kHz
     */
    int frameSize();

    /**
     * Allocates state.
     *
     * @param slots how many conversations at once
     * @return state whose slots are all fresh, owned by the caller
     */
    State newState(int slots);

    /**
     * Encodes one frame in each active row.
     *
     * @param pcm F32 [B, frame size], in [-1, 1]
     * @param state advanced by a frame in the active rows
     * @param rows the rows of the tick
     * @return I64 [B, codebooks]; unspecified in rows that are not active
     */
    Tensor encode(Tensor pcm, State state, Rows rows);

    /**
     * Decodes one frame in each active row.
     *
     * @param codes I64 [B, codebooks]
     * @param state advanced by a frame in the active rows
     * @param rows the rows of the tick, which need not be those of the encoder
     * @return F32 [B, frame size]; unspecified in rows that are not active
     */
    Tensor decode(Tensor codes, State state, Rows rows);

    /** What encoding and decoding change, for all slots. */
    interface State extends AutoCloseable {
        /**
         * Makes a slot fresh, encoder and decoder both.
         *
         * @param slot which
         */
        void reset(int slot);

        @Override
        void close();
    }

    /** Loads a codec; implemented by moshivis-audio. */
    interface Provider {
        /**
         * Builds the codec over weights, which must outlive it.
         *
         * @param weights under the names of the released Mimi file, read as F32
         * @param config the sizes
         * @param codebooks how many codebooks to use
         * @return the codec
         */
        SpeechCodec load(WeightReader weights, MimiConfig config, int codebooks);
    }
}

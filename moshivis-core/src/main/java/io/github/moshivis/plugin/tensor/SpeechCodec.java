package io.github.moshivis.plugin.tensor;

import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.WeightReader;
import io.github.moshivis.weights.quant.MatrixForm;

/**
 * Turns frames of speech into codes and back, frame by frame, for many conversations at once. Weights are immutable and owned by
 * their loader; state is explicit. Used by the inference thread alone, inside its scope.
 */
public interface SpeechCodec {
    /**
     * Samples in a frame.
     *
     * @return 1920 for Mimi: 80 ms at 24 kHz
     */
    int frameSize();

    /**
     * Codebooks that it uses.
     *
     * @return codes that encoding gives for a frame
     */
    int codebooks();

    /**
     * Allocates state.
     *
     * @param slots how many conversations at once
     * @return state whose slots are all fresh, owned by the caller
     */
    State newState(int slots);

    /** One frame, planned on the host, to be computed on the device, once and before the next one is. */
    @FunctionalInterface
    interface Pass {
        /**
         * Computes the frame. Work on the device alone.
         *
         * @param x the input
         * @return the output
         */
        Tensor run(Tensor x);
    }

    /**
     * Plans the encoding of one frame in each active row on the host, and counts the frame.
     *
     * @param state advanced by a frame in the active rows
     * @param rows the rows of the tick
     * @return takes samples F32 [B, frame size] in [-1, 1] and gives codes I64 [B, codebooks], unspecified in rows that are not
     *     active
     */
    Pass planEncoding(State state, Rows rows);

    /**
     * Plans the decoding of one frame in each active row on the host, and counts the frame.
     *
     * @param state advanced by a frame in the active rows
     * @param rows the rows of the tick, which need not be those of the encoder
     * @return takes codes I64 [B, K] of the first K codebooks, at most all, anything in rows that are not active, and gives samples F32
     *     [B, frame size], unspecified in those rows
     * @throws IllegalStateException if the codec was loaded without its decoder
     */
    Pass planDecoding(State state, Rows rows);

    /**
     * Encodes one frame in each active row, in a separate call.
     *
     * @param pcm F32 [B, frame size], in [-1, 1]
     * @param state advanced by a frame in the active rows
     * @param rows the rows of the call
     * @return I64 [B, codebooks]; unspecified in rows that are not active
     */
    default Tensor encode(Tensor pcm, State state, Rows rows) {
        return planEncoding(state, rows).run(pcm);
    }

    /**
     * Decodes one frame in each active row, in a separate call.
     *
     * @param codes I64 [B, codebooks]
     * @param state advanced by a frame in the active rows
     * @param rows the rows of the call, which need not be those of the encoder
     * @return F32 [B, frame size]; unspecified in rows that are not active
     */
    default Tensor decode(Tensor codes, State state, Rows rows) {
        return planDecoding(state, rows).run(codes);
    }

    /** The streaming state of encoder and decoder, for all slots. */
    interface State extends AutoCloseable {
        /**
         * Resets a slot, encoder and decoder both.
         *
         * @param slot which
         */
        void reset(int slot);

        @Override
        void close();
    }

    /**
     * Forms of the matrices of products.
     *
     * @param encoder of the encoder and the quantizer
     * @param decoder of the decoder; null for a codec that only encodes, whose decoder is not read
     */
    record Forms(MatrixForm encoder, MatrixForm decoder) {
        /** The numbers of the file. */
        public static final Forms EXACT = new Forms(MatrixForm.LAID_OUT, MatrixForm.LAID_OUT);

        /**
         * These forms for a codec that only encodes.
         *
         * @return forms without a decoder
         */
        public Forms encoderOnly() {
            return new Forms(encoder, null);
        }

        /**
         * Returns whether the codec decodes.
         *
         * @return false if its decoder is not read
         */
        public boolean decodes() {
            return decoder != null;
        }
    }

    /** Loads a codec; implemented by moshivis-audio. */
    @FunctionalInterface
    interface Provider {
        /**
         * Builds the codec over weights, which must outlive it.
         *
         * @param weights under the names of the released Mimi file, read as F32
         * @param forms how its matrices are held, where there are kernels for it
         * @param config the sizes
         * @param codebooks how many codebooks to use
         * @return the codec
         */
        SpeechCodec load(WeightReader weights, Forms forms, MimiConfig config, int codebooks);
    }
}

package io.github.moshivis.audio.mimi;

import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.stream.ConvolutionTail;

/**
 * State of one half of the codec: the encoder or the decoder.
 *
 * @param seanet tails of the convolutions
 * @param attention rings and positions of the transformer
 * @param resampling tail of the convolution between transformer and quantizer
 */
record HalfState(SeanetState seanet, AttentionState attention, ConvolutionTail resampling) implements AutoCloseable {
    void reset(int slot) {
        seanet.reset(slot);
        attention.reset(slot);
        resampling.reset(slot);
    }

    @Override
    public void close() {
        seanet.close();
        attention.close();
        resampling.close();
    }
}

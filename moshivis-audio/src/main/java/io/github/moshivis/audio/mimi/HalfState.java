package io.github.moshivis.audio.mimi;

import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.stream.ConvolutionTail;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * State of one half of the codec: the encoder or the decoder.
 *
 * @param seanet tails of the convolutions
 * @param attention rings and positions of the transformer
 * @param resampling tail of the convolution between transformer and quantizer
 * @param programs for numbers of rows that were all active; empty where not all layers have kernels
 */
record HalfState(
        SeanetState seanet,
        AttentionState attention,
        ConvolutionTail resampling,
        Map<Integer, Optional<HalfProgram>> programs)
        implements AutoCloseable {
    HalfState(SeanetState seanet, AttentionState attention, ConvolutionTail resampling) {
        this(seanet, attention, resampling, new HashMap<>());
    }

    void reset(int slot) {
        seanet.reset(slot);
        attention.reset(slot);
        resampling.reset(slot);
    }

    @Override
    public void close() {
        programs.values().forEach(program -> program.ifPresent(HalfProgram::close));
        seanet.close();
        attention.close();
        resampling.close();
    }
}

package io.github.moshivis.audio.mimi;

import io.github.moshivis.stream.ConvolutionTail;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tails of all convolutions of a SEANet encoder or decoder.
 *
 * @param first of the first convolution
 * @param stages of the stages, in the order they run
 * @param last of the last convolution
 */
record SeanetState(ConvolutionTail first, List<StageState> stages, ConvolutionTail last) implements AutoCloseable {
    /**
     * The tails of one stage.
     *
     * @param resampling of the convolution that changes the rate
     * @param residual of the residual block
     */
    record StageState(ConvolutionTail resampling, ConvolutionTail residual) {}

    private Stream<ConvolutionTail> tails() {
        return Stream.concat(
                Stream.of(first, last), stages.stream().flatMap(stage -> Stream.of(stage.resampling, stage.residual)));
    }

    void reset(int slot) {
        tails().forEach(tail -> tail.reset(slot));
    }

    @Override
    public void close() {
        tails().forEach(ConvolutionTail::close);
    }
}

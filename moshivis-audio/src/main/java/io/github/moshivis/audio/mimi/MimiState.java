package io.github.moshivis.audio.mimi;

import io.github.moshivis.plugin.tensor.SpeechCodec;

/**
 * State of speech streams, for all slots. Encoding and decoding advance independently.
 *
 * @param encoder what encoding changes
 * @param decoder what decoding changes
 */
record MimiState(HalfState encoder, HalfState decoder) implements SpeechCodec.State {
    @Override
    public void reset(int slot) {
        encoder.reset(slot);
        decoder.reset(slot);
    }

    @Override
    public void close() {
        encoder.close();
        decoder.close();
    }
}

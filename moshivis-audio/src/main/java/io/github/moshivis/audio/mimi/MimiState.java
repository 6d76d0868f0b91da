package io.github.moshivis.audio.mimi;

import io.github.moshivis.plugin.tensor.SpeechCodec;

/**
 * State of speech streams, for all slots. Encoding and decoding advance independently.
 *
 * @param encoder what encoding changes
 * @param decoder what decoding changes; null for a codec that only encodes
 */
record MimiState(HalfState encoder, HalfState decoder) implements SpeechCodec.State {
    @Override
    public void reset(int slot) {
        encoder.reset(slot);
        if (decoder != null) {
            decoder.reset(slot);
        }
    }

    @Override
    public void close() {
        encoder.close();
        if (decoder != null) {
            decoder.close();
        }
    }
}

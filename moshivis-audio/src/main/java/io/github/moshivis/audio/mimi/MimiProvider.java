package io.github.moshivis.audio.mimi;

import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.weights.WeightReader;

/** Lets core find Mimi. Stateless. */
public final class MimiProvider implements SpeechCodec.Provider {
    /** For {@link java.util.ServiceLoader}. */
    public MimiProvider() {}

    @Override
    public Mimi load(WeightReader weights, SpeechCodec.Forms forms, MimiConfig config, int codebooks) {
        return new MimiLoader(weights, forms, config, codebooks).load();
    }
}

package io.github.moshivis.audio.mimi;

import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.weights.WeightReader;
import io.github.moshivis.weights.quant.MatrixForm;

/** Lets core find Mimi. Stateless. */
public final class MimiProvider implements SpeechCodec.Provider {
    /** For {@link java.util.ServiceLoader}. */
    public MimiProvider() {}

    @Override
    public Mimi load(WeightReader weights, MimiConfig config, int codebooks) {
        return new MimiLoader(weights.in(MatrixForm.LAID_OUT), config, codebooks).load();
    }
}

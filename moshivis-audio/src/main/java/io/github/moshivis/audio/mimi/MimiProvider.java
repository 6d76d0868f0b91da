package io.github.moshivis.audio.mimi;

import io.github.moshivis.config.MimiConfig;
import io.github.moshivis.model.SpeechCodec;
import io.github.moshivis.weights.MatrixForm;
import io.github.moshivis.weights.WeightReader;

/** Lets core find Mimi. Stateless. */
public final class MimiProvider implements SpeechCodec.Provider {
    /** For {@link java.util.ServiceLoader}. */
    public MimiProvider() {}

    @Override
    public Mimi load(WeightReader weights, MimiConfig config, int codebooks) {
        return new MimiLoader(weights.in(MatrixForm.LAID_OUT), config, codebooks).load();
    }
}

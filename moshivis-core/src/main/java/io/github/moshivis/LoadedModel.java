package io.github.moshivis;

import io.github.moshivis.engine.Engine;
import io.github.moshivis.model.ImageEncoder;
import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.weights.Weights;
import java.util.List;

/**
 * What belongs to a model, and how it is freed: first the engine with all state, then the weights.
 *
 * @param encoder null if the model cannot look at pictures
 * @param maxImageSize pixels a side; 0 without an encoder
 */
record LoadedModel(Engine engine, ImageEncoder encoder, int maxImageSize, Vocabulary vocabulary, List<Weights> weights)
        implements AutoCloseable {
    @Override
    public void close() {
        engine.close();
        weights.forEach(Weights::close);
    }
}

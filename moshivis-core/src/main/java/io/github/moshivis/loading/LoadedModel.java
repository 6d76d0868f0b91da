package io.github.moshivis.loading;

import io.github.moshivis.engine.Engine;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.SamplingConfig;
import io.github.moshivis.load.WeightReads;
import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.weights.Weights;
import java.nio.file.Path;
import java.util.List;

/**
 * All parts of a model, in the order in which they are freed: first the engine with all state, then the weights.
 *
 * @param config the sizes
 * @param codec the codec's file
 * @param silence codes of silence, a row of all codebooks for each frame from the beginning of a stream; after the
 *     last row they stay as they are
 * @param images null if the model cannot look at pictures
 * @param voices voices for prompts; null for models without prompts
 * @param sampling sampling that its configuration asks for
 * @param reads bytes that a step reads
 */
public record LoadedModel(
        ModelConfig config,
        Path codec,
        int[][] silence,
        Engine engine,
        ImagePreparation images,
        Vocabulary vocabulary,
        Voices voices,
        SamplingConfig sampling,
        WeightReads reads,
        List<Weights> weights)
        implements AutoCloseable {
    /**
     * Returns the files that the weights are read from, also after loading.
     *
     * @return their paths
     */
    public List<Path> files() {
        return weights.stream().flatMap(part -> part.paths().stream()).toList();
    }

    @Override
    public void close() {
        engine.close();
        weights.forEach(Weights::close);
    }
}

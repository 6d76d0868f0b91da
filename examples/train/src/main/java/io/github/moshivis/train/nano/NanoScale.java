package io.github.moshivis.train.nano;

import io.github.moshivis.layout.DepthConfig;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.VisionConfig;
import java.util.List;
import java.util.OptionalInt;

/** Sizes of a run of the recipe: of the model, of its data, and the steps of each stage. */
public enum NanoScale {
    /** The recipe: the sizes of the bundled model. */
    FULL(192, 96, 16, 96, new Data(3300, 8, 9700, 1400), new Steps(5000, 9600, 5700, 50), new Batch(12, 24, 16, 220)),
    /** The same model with a tenth of the steps and less data: it learns to talk, not to be right. */
    SMALL(192, 96, 16, 96, new Data(600, 8, 1500, 300), new Steps(600, 1200, 700, 50), new Batch(12, 16, 8, 220)),
    /** A smaller model and some steps, to see that everything works. */
    TINY(24, 16, 4, 32, new Data(2, 3, 0, 2), new Steps(15, 15, 15, 5), new Batch(2, 4, 2, 110));

    private final ModelConfig config;
    private final Data data;
    private final Steps steps;
    private final Batch batch;

    /**
     * Amounts of data.
     *
     * @param scenes pictures that are talked about
     * @param exchanges questions about each
     * @param questions spoken questions
     * @param sentences spoken sentences that the codec hears beside them
     */
    record Data(int scenes, int exchanges, int questions, int sentences) {}

    /**
     * Steps of each stage.
     *
     * @param save between two of which the state is stored; a multiple of five, as rarely used codes are replaced in every fifth step
     */
    record Steps(int codec, int vision, int language, int save) {}

    /**
     * Rows of a step of each stage.
     *
     * @param pictures of 168 pixels a side; of larger ones there are fewer
     * @param frames of a dialogue
     */
    record Batch(int clips, int pictures, int dialogues, int frames) {}

    NanoScale(int dim, int depthDim, int filters, int visionDim, Data data, Steps steps, Batch batch) {
        int latent = 8 * filters;
        LmConfig lm = new LmConfig(
                dim,
                6,
                6,
                150,
                10_000,
                LmConfig.MOSHIKA_VIS.hiddenScale(),
                NanoVocabulary.size(),
                NanoVocabulary.PADDING,
                256,
                16,
                8,
                LmConfig.MOSHIKA_VIS.delays(),
                new DepthConfig(depthDim, 4, 2, 8, depthDim * 33 / 8),
                OptionalInt.of(dim),
                null);
        MimiConfig mimi = new MimiConfig(
                24_000,
                12.5,
                new MimiConfig.Seanet(latent, filters, List.of(8, 6, 5, 4), 7, 3, 3, 2),
                new MimiConfig.Transformer(latent, 4, 2, 4 * latent, 24, 10_000),
                new MimiConfig.Quantizer(latent / 2, 8, 256));
        this.config = new ModelConfig(lm, mimi, new VisionConfig(visionDim, visionDim * 8 / 3, 4, 4, 224, 14, 3, 1e-6));
        this.data = data;
        this.steps = steps;
        this.batch = batch;
    }

    ModelConfig config() {
        return config;
    }

    Data data() {
        return data;
    }

    Steps steps() {
        return steps;
    }

    Batch batch() {
        return batch;
    }
}

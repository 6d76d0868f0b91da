package io.github.moshivis.train.nano;

import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.weights.file.Shape;
import java.util.Arrays;
import java.util.Random;

/** First values of a model that is trained from scratch, each tensor's from its name and a seed. Immutable. */
record FirstValues(long seed) implements Parameters.Initializer {
    private static final float LAYER_SCALE = 0.3f;

    @Override
    public float[] values(String name, Shape shape) {
        Random random = new Random(seed ^ name.hashCode() * 0x9E3779B97F4A7C15L);
        float[] values = new float[Math.toIntExact(shape.elements())];
        if (name.contains("layer_scale")) {
            Arrays.fill(values, LAYER_SCALE);
        } else if (name.endsWith("cluster_usage")) {
            Arrays.fill(values, 1);
        } else if (name.endsWith(".bias")) {
            return values;
        } else if (isNorm(name)) {
            Arrays.fill(values, 1);
        } else if (name.endsWith("position_embedding.weight")) {
            gaussian(values, 0.02, random);
        } else if (name.contains("embedding")) { // tables, and the sums of codebooks
            gaussian(values, 0.3, random);
        } else {
            uniform(values, 1 / Math.sqrt(shape.entry().elements()), random);
        }
        return values;
    }

    /** Tells whether a tensor scales or shifts channels, or is a table: these do not decay. */
    static boolean decays(String name) {
        return !(name.endsWith("bias")
                || isNorm(name)
                || name.contains("emb")
                || name.contains("alpha.weight")
                || name.contains("layer_scale")
                || name.contains("_codebook."));
    }

    private static boolean isNorm(String name) {
        return name.contains("norm") && !name.contains("normal");
    }

    private static void gaussian(float[] values, double deviation, Random random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
    }

    private static void uniform(float[] values, double limit, Random random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (limit * (2 * random.nextDouble() - 1));
        }
    }
}

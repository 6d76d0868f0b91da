package io.github.moshivis.cli.bench;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.LibTorch;
import io.github.moshivis.weights.WeightPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shape of a matrix, and the number of its products per step of the model.
 *
 * @param layer where in the model it is
 * @param out its rows
 * @param in its columns
 * @param perStep products of a step, one row each
 */
public record LinearShape(String layer, long out, long in, int perStep) {
    /**
     * Returns the shapes of the released model.
     *
     * @return every kind of product that its language model computes in a step
     */
    public static List<LinearShape> released() {
        LibTorch.load();
        return of(WeightPlan.of(
                weights -> LanguageModelLoader.load(weights, LmConfig.MOSHIKA_VIS, RmsNorm.Spec.MEAN_OF_SQUARES)));
    }

    /** Returns the products of a step, summed over layers and codebooks. */
    static List<LinearShape> of(WeightPlan plan) {
        Map<String, LinearShape> shapes = new LinkedHashMap<>();
        plan.entries().forEach((name, entry) -> {
            int passes = entry.use().passes();
            if (entry.form().isPresent() && passes > 0) {
                LinearShape shape = new LinearShape(
                        layer(name), entry.shape().dimension(0), entry.shape().dimension(1), passes);
                shapes.merge(
                        layer(name) + entry.shape(),
                        shape,
                        (one, other) -> new LinearShape(one.layer, one.out, one.in, one.perStep + other.perStep));
            }
        });
        return List.copyOf(shapes.values());
    }

    /** A tensor's name without numbers and without what all layers of the temporal transformer share. */
    private static String layer(String name) {
        return name.replaceAll("\\.\\d+", "").replace("temporal.", "").replace("layers.", "");
    }
}

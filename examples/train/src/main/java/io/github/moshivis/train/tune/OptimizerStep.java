package io.github.moshivis.train.tune;

import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.tensor.Updates;
import io.github.moshivis.train.optim.AdamW;
import io.github.moshivis.train.optim.GradientNorm;
import java.util.LinkedHashMap;
import java.util.Map;

/** The end of a step: gradients are averaged, clipped, applied and forgotten. Stateless. */
final class OptimizerStep {
    private OptimizerStep() {}

    /** Changes the trained tensors of a network and returns the norm of their gradients before clipping. */
    static double take(Network network, AdamW adam, int microbatches, double maxNorm, AdamW.Settings step) {
        Map<String, Tensor> trained = network.trained();
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> gradients = new LinkedHashMap<>();
            trained.forEach((name, leaf) -> {
                Tensor gradient = Autograd.gradient(leaf);
                if (gradient != null) {
                    gradients.put(name, gradient);
                }
            });
            if (microbatches > 1) {
                Autograd.withoutGradient(() -> {
                    gradients.values().forEach(gradient -> Updates.scale(gradient, 1.0 / microbatches));
                    return gradients;
                });
            }
            double norm = GradientNorm.clip(gradients.values(), maxNorm);
            adam.begin();
            gradients.forEach((name, gradient) -> adam.update(name, trained.get(name), gradient, step));
            network.clearGradients();
            return norm;
        }
    }
}

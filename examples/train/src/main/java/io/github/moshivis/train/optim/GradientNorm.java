package io.github.moshivis.train.optim;

import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.tensor.Updates;
import java.util.Collection;

/** Clipping by the norm over all gradients, as {@code torch.nn.utils.clip_grad_norm_}. Stateless. */
public final class GradientNorm {
    private static final double EPSILON = 1e-6;

    private GradientNorm() {}

    /**
     * Scales gradients in place so that their norm is at most a limit.
     *
     * @param gradients of all parameters; one that layers share counts once
     * @param max the limit
     * @return the norm before
     * @throws IllegalStateException if it is no number, which a step would make of every parameter
     */
    public static double clip(Collection<Tensor> gradients, double max) {
        double norm = of(gradients);
        if (!Double.isFinite(norm)) {
            throw new IllegalStateException("Cannot go on training: found gradients of norm " + norm
                    + ", expected a number. Lower the learning rate; the last checkpoint is as it was");
        }
        double factor = max / (norm + EPSILON);
        if (factor < 1) {
            Autograd.withoutGradient(() -> {
                try (Scope scope = Scope.open()) {
                    gradients.forEach(gradient -> Updates.scale(gradient, factor));
                }
                return factor;
            });
        }
        return norm;
    }

    private static double of(Collection<Tensor> gradients) {
        return Autograd.withoutGradient(() -> {
            double sum = 0;
            try (Scope scope = Scope.open()) {
                for (Tensor gradient : gradients) {
                    sum += SequenceOps.sum(Ops.square(gradient)).toFloats()[0];
                }
            }
            return Math.sqrt(sum);
        });
    }
}

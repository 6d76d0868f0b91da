package io.github.moshivis.train.optim;

import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.tensor.Updates;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019), as {@code torch.optim.AdamW} computes it. Owns two moments for each
 * tensor that it has seen a gradient of.
 */
public final class AdamW implements AutoCloseable {
    private static final String FIRST = "exp_avg.";
    private static final String SECOND = "exp_avg_sq.";

    private final double beta2;
    private final double epsilon;
    private final Map<String, Tensor> moments = new LinkedHashMap<>();
    private int steps;

    /**
     * Starts without moments.
     *
     * @param beta2 decay of the mean of squares, such as 0.95
     * @param epsilon added to its root, such as 1e-8
     */
    public AdamW(double beta2, double epsilon) {
        this.beta2 = beta2;
        this.epsilon = epsilon;
    }

    /**
     * Settings of one step.
     *
     * @param learningRate lr
     * @param beta1 decay of the mean of gradients; the bias is corrected with this one to the power of the step
     * @param weightDecay times lr is taken off each number
     */
    public record Settings(double learningRate, double beta1, double weightDecay) {}

    /** Begins a step, which counts for all tensors. */
    public void begin() {
        steps++;
    }

    /**
     * Changes a tensor in the present step.
     *
     * @param name of its moments
     * @param parameter what is changed
     * @param gradient of the same shape
     * @param settings of this step
     */
    public void update(String name, Tensor parameter, Tensor gradient, Settings settings) {
        Tensor mean = moment(FIRST + name, parameter);
        Tensor square = moment(SECOND + name, parameter);
        Autograd.withoutGradient(() -> {
            try (Scope scope = Scope.open()) {
                Updates.scale(parameter, 1 - settings.learningRate * settings.weightDecay);
                Updates.scale(mean, settings.beta1);
                Updates.add(mean, gradient, 1 - settings.beta1);
                Updates.scale(square, beta2);
                Updates.addProduct(square, gradient, gradient, 1 - beta2);
                Tensor root = SequenceOps.sqrt(square);
                Updates.scale(root, 1 / Math.sqrt(1 - Math.pow(beta2, steps)));
                root.addInPlace(epsilon);
                double rate = settings.learningRate / (1 - Math.pow(settings.beta1, steps));
                Updates.addQuotient(parameter, mean, root, -rate);
            }
            return parameter;
        });
    }

    private Tensor moment(String name, Tensor like) {
        return moments.computeIfAbsent(name, each -> {
            try (Scope scope = Scope.open()) {
                return Tensor.zeros(like.dtype(), like.device(), like.shape()).keep();
            }
        });
    }

    /**
     * Steps that were taken.
     *
     * @return the number
     */
    public int steps() {
        return steps;
    }

    /**
     * The name of the tensor that a stored moment belongs to.
     *
     * @param moment a key of {@link #state}
     * @return the name that {@link #update} was given
     */
    public static String parameter(String moment) {
        return moment.substring((moment.startsWith(FIRST) ? FIRST : SECOND).length());
    }

    /**
     * The moments, to be stored.
     *
     * @return an unmodifiable view
     */
    public Map<String, Tensor> state() {
        return Collections.unmodifiableMap(moments);
    }

    /**
     * Goes on after stored steps.
     *
     * @param taken steps that were taken
     * @param state kept tensors, as {@link #state} gave them; taken over
     */
    public void restore(int taken, Map<String, Tensor> state) {
        close();
        steps = taken;
        moments.putAll(state);
    }

    @Override
    public void close() {
        moments.values().forEach(Tensor::close);
        moments.clear();
    }
}

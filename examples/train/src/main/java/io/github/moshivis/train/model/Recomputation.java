package io.github.moshivis.train.model;

import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Gradient checkpointing: segments of a model, such as layers, keep their inputs and results only, and are computed a second time on the
 * way back. Without it segments are computed as they are. For one step; everything belongs to the scope that was open when it was
 * computed.
 *
 * <p>A tensor that segments read and something else too must be a result of a segment itself, or a view of one: what led to any other
 * is gone back over once for the segments and once for the rest.
 */
public final class Recomputation {
    private final boolean active;
    /** The way back, last step first. */
    private final Deque<Runnable> back = new ArrayDeque<>();
    /** Ends of the record of operators: for each tensor that segments read, the leaf that stands for it. */
    private final Map<Tensor, Tensor> leaves = new IdentityHashMap<>();

    /**
     * Begins a step.
     *
     * @param active whether segments are computed twice to save memory
     */
    public Recomputation(boolean active) {
        this.active = active;
    }

    /**
     * Computes a segment.
     *
     * @param body a function of its inputs and of parameters alone, the same each time
     * @param inputs what it reads; results of earlier segments among them
     * @return its results
     */
    Tensor[] run(UnaryOperator<Tensor[]> body, Tensor... inputs) {
        if (!active) {
            return body.apply(inputs);
        }
        Tensor[] read = new Tensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            read[i] = leaves.computeIfAbsent(inputs[i], this::cut);
        }
        Tensor[] results = Autograd.withoutGradient(() -> Scope.within(() -> body.apply(read)));
        for (Tensor result : results) {
            leaves.put(result, Autograd.requireGradient(result, true));
        }
        back.push(() -> goBack(body, read, results));
        return results;
    }

    private Tensor cut(Tensor source) {
        boolean wanted = Autograd.requiresGradient(source);
        Tensor leaf = Autograd.requireGradient(Autograd.detach(source), wanted);
        if (wanted) {
            back.push(() -> goBack(List.of(source), List.of(leaf)));
        }
        return leaf;
    }

    /**
     * Goes back from the loss through everything, and adds to the gradients of the parameters; to none if the loss depends on none, such as
     * that of dialogues without a picture where only the part that sees is trained.
     *
     * @param loss one element
     */
    public void backward(Tensor loss) {
        if (Autograd.requiresGradient(loss)) {
            Autograd.backward(loss);
        }
        while (!back.isEmpty()) {
            back.pop().run();
        }
    }

    private static void goBack(UnaryOperator<Tensor[]> body, Tensor[] read, Tensor[] results) {
        try (Scope scope = Scope.open()) {
            goBack(List.of(body.apply(read)), List.of(results));
        }
    }

    /** Goes back from tensors, with the gradients that have come to the leaves that stand for them. */
    private static void goBack(List<Tensor> sources, List<Tensor> leaves) {
        List<Tensor> reached = new ArrayList<>();
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            Tensor gradient = Autograd.gradient(leaves.get(i));
            if (gradient != null && Autograd.requiresGradient(sources.get(i))) {
                reached.add(sources.get(i));
                gradients.add(gradient);
            }
        }
        if (!reached.isEmpty()) {
            Autograd.backward(reached, gradients);
        }
    }
}

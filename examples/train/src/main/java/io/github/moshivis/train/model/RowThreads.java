package io.github.moshivis.train.model;

import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that share the rows of a batch, each with a network of its own over the same numbers. The shares and their order are always
 * the same, so that equal settings give equal bits. Owns the threads, not the networks.
 *
 * @param <N> a network
 */
public final class RowThreads<N> implements AutoCloseable {
    private final List<N> networks;
    private final ExecutorService helpers;

    /**
     * Work on some rows.
     *
     * @param <N> a network
     * @param <R> a result
     */
    @FunctionalInterface
    public interface Work<N, R> {
        /**
         * Works on rows in a scope for training.
         *
         * @param network of this thread
         * @param from the first row
         * @param to the row after the last
         * @return the result, on the host
         */
        R apply(N network, int from, int to);
    }

    /**
     * Starts helpers.
     *
     * @param networks the first is that of the calling thread
     */
    public RowThreads(List<N> networks) {
        this.networks = List.copyOf(networks);
        this.helpers = Executors.newFixedThreadPool(Math.max(1, networks.size() - 1), task -> {
            Thread thread = new Thread(task, "moshivis-train");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Works on all rows of a batch and waits for it.
     *
     * @param rows how many
     * @param work on a share of them
     * @param <R> its result
     * @return the results by rows
     */
    public <R> List<R> run(int rows, Work<N, R> work) {
        int parts = Math.min(networks.size(), rows);
        List<Future<R>> others = new ArrayList<>();
        List<R> results = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            for (int i = 1; i < parts; i++) {
                int part = i;
                others.add(helpers.submit(() -> {
                    try (Scope own = Scope.openDifferentiable()) {
                        return work.apply(networks.get(part), rows * part / parts, rows * (part + 1) / parts);
                    }
                }));
            }
            results.add(work.apply(networks.get(0), 0, rows / parts));
        } finally { // whatever is thrown: the caller will free what the others still use
            others.forEach(Waiting::untilDone);
        }
        others.forEach(other -> results.add(Waiting.forResult(other, () -> {})));
        return results;
    }

    /**
     * Adds gradients to those of the tensors of the same names.
     *
     * @param from trained tensors of one network
     * @param to trained tensors of another
     */
    public static void addGradients(Map<String, Tensor> from, Map<String, Tensor> to) {
        Autograd.withoutGradient(() -> {
            try (Scope scope = Scope.open()) {
                from.forEach((name, leaf) -> {
                    Tensor gradient = Autograd.gradient(leaf);
                    if (gradient != null) {
                        Autograd.addGradient(to.get(name), gradient);
                    }
                });
            }
            return to;
        });
    }

    @Override
    public void close() {
        helpers.shutdown();
    }
}

package io.github.moshivis.train.tune;

import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.data.Dialogue;
import io.github.moshivis.train.model.DialogueLoss;
import io.github.moshivis.train.model.LossWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;

/**
 * One network for each thread over the same numbers: the rows of a batch are shared between them, and their gradients added in a fixed
 * order, so that the same settings give the same bits. Owns the threads and all networks but the first.
 */
final class Replicas implements AutoCloseable {
    private final List<Network> networks = new ArrayList<>();
    private final ExecutorService helpers;

    /**
     * Starts helpers.
     *
     * @param first the network of the calling thread; not owned
     * @param others networks over the same numbers; taken over
     */
    Replicas(Network first, List<Network> others) {
        networks.add(first);
        networks.addAll(others);
        helpers = Executors.newFixedThreadPool(Math.max(1, others.size()), task -> {
            Thread thread = new Thread(task, "moshivis-train");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Adds the gradients of a batch to those of the first network's parameters. */
    Network.Losses train(List<Dialogue> batch, LossWeights weights, boolean recompute) {
        Network.Losses losses =
                share(batch, weights, (network, part) -> network.train(part.rows, weights, part.total, recompute));
        Map<String, Tensor> leaves = networks.get(0).trained();
        for (Network other : networks.subList(1, networks.size())) {
            add(other.trained(), leaves);
            other.clearGradients();
        }
        return losses;
    }

    /** Measures a batch. */
    Network.Losses measure(List<Dialogue> batch, LossWeights weights) {
        return share(batch, weights, (network, part) -> network.measure(part.rows, weights, part.total));
    }

    private record Part(List<Dialogue> rows, DialogueLoss.Total total) {}

    private Network.Losses share(
            List<Dialogue> batch, LossWeights weights, BiFunction<Network, Part, Network.Losses> work) {
        DialogueLoss.Total total = DialogueLoss.Total.of(networks.get(0).codes(batch), weights);
        int parts = Math.min(networks.size(), batch.size());
        List<Future<Network.Losses>> others = new ArrayList<>();
        for (int i = 1; i < parts; i++) {
            Network network = networks.get(i);
            Part part = new Part(rows(batch, i, parts), total);
            others.add(helpers.submit(() -> {
                try (Scope scope = Scope.openDifferentiable()) {
                    return work.apply(network, part);
                }
            }));
        }
        Network.Losses losses = null;
        RuntimeException failure = null;
        try (Scope scope = Scope.open()) {
            losses = work.apply(networks.get(0), new Part(rows(batch, 0, parts), total));
        } catch (RuntimeException e) {
            failure = e;
        }
        for (Future<Network.Losses> other : others) {
            try {
                Network.Losses found = Waiting.forResult(other, () -> {});
                losses = losses == null ? found : losses.plus(found);
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return losses;
    }

    private static List<Dialogue> rows(List<Dialogue> batch, int part, int parts) {
        return batch.subList(batch.size() * part / parts, batch.size() * (part + 1) / parts);
    }

    private static void add(Map<String, Tensor> from, Map<String, Tensor> to) {
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
        networks.subList(1, networks.size()).forEach(Network::close);
    }
}

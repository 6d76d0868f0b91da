package io.github.moshivis.train.tune;

import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.data.Dialogue;
import io.github.moshivis.train.data.DialogueReader;
import io.github.moshivis.train.data.Stretch;
import io.github.moshivis.train.model.DialogueLoss;
import io.github.moshivis.train.model.LossWeights;
import io.github.moshivis.train.model.RowThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A network for each thread over the same numbers. Owns all of them but the first. */
final class Replicas implements AutoCloseable {
    private final List<Network> networks;
    private final RowThreads<Network> threads;

    /** One network on a GPU, else one for each thread, but no more than rows. */
    static Replicas of(TunedModel model, TuningSettings settings) {
        int count = settings.device().isCpu()
                ? Math.min(settings.threads(), settings.batch().rows())
                : 1;
        List<Network> networks = new ArrayList<>(List.of(model.network()));
        while (networks.size() < count) {
            networks.add(model.replica());
        }
        return new Replicas(networks);
    }

    private Replicas(List<Network> networks) {
        this.networks = List.copyOf(networks);
        this.threads = new RowThreads<>(this.networks);
    }

    /** Reads the rows of a batch. */
    List<Dialogue> read(DialogueReader reader, List<Stretch> stretches) {
        return threads
                .run(stretches.size(), (network, from, to) -> stretches.subList(from, to).stream()
                        .map(reader::read)
                        .toList())
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Adds the gradients of a batch to those of the first network's parameters. */
    Network.Losses train(List<Dialogue> batch, LossWeights weights, boolean recompute) {
        DialogueLoss.Total total = total(batch, weights);
        Network.Losses losses = sum(threads.run(
                batch.size(),
                (network, from, to) -> network.train(batch.subList(from, to), weights, total, recompute)));
        Map<String, Tensor> leaves = networks.get(0).trained();
        for (Network other : networks.subList(1, networks.size())) {
            RowThreads.addGradients(other.trained(), leaves);
            other.clearGradients();
        }
        return losses;
    }

    /** Measures a batch. */
    Network.Losses measure(List<Dialogue> batch, LossWeights weights) {
        DialogueLoss.Total total = total(batch, weights);
        return sum(threads.run(
                batch.size(), (network, from, to) -> network.measure(batch.subList(from, to), weights, total)));
    }

    private DialogueLoss.Total total(List<Dialogue> batch, LossWeights weights) {
        return DialogueLoss.Total.of(networks.get(0).codes(batch), weights);
    }

    private static Network.Losses sum(List<Network.Losses> parts) {
        return parts.stream().reduce(Network.Losses::plus).orElseThrow();
    }

    @Override
    public void close() {
        threads.close();
        networks.subList(1, networks.size()).forEach(Network::close);
    }
}

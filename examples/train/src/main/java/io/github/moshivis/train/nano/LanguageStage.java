package io.github.moshivis.train.nano;

import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.RowThreads;
import io.github.moshivis.train.optim.Schedule;
import io.github.moshivis.weights.names.PytorchNames;
import io.github.moshivis.weights.names.TensorNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Training of the language model on dialogues, the rows of a step shared by threads. Belongs to a scope for training. */
final class LanguageStage implements StageLoop.Model, AutoCloseable {
    /** Share of the steps before the gates are pulled. */
    private static final double UNPULLED = 0.26;

    private final DialogueMaker dialogues;
    private final List<LanguageNetwork> networks = new ArrayList<>();
    private final RowThreads<LanguageNetwork> threads;
    private final NanoScale scale;
    private final long seed;

    /**
     * Begins with a trained image encoder.
     *
     * @param encoder its tensors, by the names of the file; copied
     */
    LanguageStage(NanoScale scale, DialogueMaker dialogues, Map<String, Tensor> encoder, int threads, long seed) {
        this.scale = scale;
        this.dialogues = dialogues;
        this.seed = seed;
        ModelConfig config = scale.config();
        FirstValues values = new FirstValues(seed);
        LanguageNetwork first = new LanguageNetwork(
                config,
                Parameters.fresh(PytorchNames.table(config.lm().modelCodebooks()), values),
                Parameters.fresh(TensorNames.SAME, values),
                dialogues.userWords());
        encoder.forEach((name, tensor) ->
                Autograd.withoutGradient(() -> first.all().get(name).copyFrom(tensor)));
        networks.add(first.train());
        int count = Math.min(threads, scale.batch().dialogues());
        while (networks.size() < count) {
            networks.add(first.replica(dialogues.userWords()));
        }
        this.threads = new RowThreads<>(networks);
    }

    static StageLoop.Settings settings(int steps, int save) {
        Schedule schedule = new Schedule.HoldThenFall(1.5e-3, steps, Math.min(100, steps / 4), 0.35, 0.02, 0.9);
        return new StageLoop.Settings("language", steps, save, schedule, 0.98, 0.05, 1, 0.999);
    }

    /** The tensors of the model's file. */
    Parameters parameters() {
        return networks.get(0).parameters();
    }

    @Override
    public Map<String, Tensor> state() {
        return networks.get(0).all();
    }

    @Override
    public Map<String, Tensor> trained() {
        return networks.get(0).trained();
    }

    @Override
    public void clearGradients() {
        networks.forEach(LanguageNetwork::clearGradients);
    }

    @Override
    public Map<String, Double> step(int step) {
        int count = scale.batch().dialogues();
        List<DialogueRow> rows = IntStream.range(0, count)
                .mapToObj(row -> dialogues.make(new Random((seed * 43 + step) * 1009 + row)))
                .toList();
        boolean pulls = step >= UNPULLED * scale.steps().language();
        List<LanguageNetwork.Losses> parts = threads.run(
                count,
                (network, from, to) -> network.train(
                        rows.subList(from, to),
                        (double) (to - from) / count,
                        pulls,
                        new Random((seed * 47 + step) * 1013 + from)));
        for (LanguageNetwork other : networks.subList(1, networks.size())) {
            RowThreads.addGradients(other.trained(), trained());
        }
        LanguageNetwork.Losses sum =
                parts.stream().reduce(LanguageNetwork.Losses::plus).orElseThrow();
        Map<String, Double> losses = new LinkedHashMap<>();
        losses.put("text", sum.text());
        losses.put("audio", sum.audio());
        losses.put("user_word", sum.userWord());
        losses.put("next_piece", sum.nextPiece());
        losses.put("words_right", (double) sum.right() / Math.max(1, sum.words()));
        return losses;
    }

    @Override
    public void close() {
        threads.close();
        networks.forEach(LanguageNetwork::close);
    }
}

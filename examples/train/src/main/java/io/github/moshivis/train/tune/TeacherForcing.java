package io.github.moshivis.train.tune;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.LibTorch;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.text.TextStream;
import io.github.moshivis.train.data.Recordings;
import io.github.moshivis.train.data.Stretch;
import io.github.moshivis.train.model.DelayedCodes;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model's predictions on recordings before any training, with the recording's own past at each step. Tells whether words and sounds stand
 * where the model would say them: on data like those that a model was trained on, most words are told rightly.
 */
public final class TeacherForcing {
    private final TuningSettings settings;

    /**
     * Prepares a measurement.
     *
     * @param settings of the run that is to follow: its model, training data and length of a row
     */
    public TeacherForcing(TuningSettings settings) {
        this.settings = settings;
    }

    /**
     * Predictions of one kind of token.
     *
     * @param count how many tokens
     * @param loss mean cross-entropy, in nats
     * @param right share of the tokens that are the likeliest
     */
    public record Part(long count, double loss, double right) {}

    /**
     * Predictions on some recordings.
     *
     * @param words pieces of words
     * @param ends ends of padding, in the frame before a word
     * @param padding the other frames of the text
     * @param codebooks of the model's voice, in their order
     */
    public record Report(Part words, Part ends, Part padding, List<Part> codebooks) {}

    /** The sums of one kind of token. */
    private static final class Sum {
        private long count;
        private double loss;
        private long right;

        void add(double loss, boolean right) {
            this.count++;
            this.loss += loss;
            this.right += right ? 1 : 0;
        }

        Part part() {
            return new Part(count, loss / Math.max(1, count), (double) right / Math.max(1, count));
        }
    }

    /**
     * Measures.
     *
     * @param limit number of stretches at most, from the beginning of the lists
     * @return the predictions
     * @throws io.github.moshivis.errors.CheckpointException if the model cannot be read
     * @throws IllegalArgumentException if settings and data do not fit the model
     */
    public Report measure(int limit) {
        Recordings recordings =
                Recordings.read(settings.data().train(), settings.batch().duration(), Path.of(""));
        LibTorch.load();
        LibTorch.require(settings.device());
        try (Scope scope = Scope.openDifferentiable();
                TunedModel model = TunedModel.open(settings)) {
            LmConfig lm = model.config().lm();
            Sum words = new Sum();
            Sum ends = new Sum();
            Sum padding = new Sum();
            List<Sum> codebooks =
                    Stream.generate(Sum::new).limit(lm.modelCodebooks()).toList();
            recordings.sources().stream()
                    .flatMap(source -> source.stretches().stream())
                    .limit(limit)
                    .forEach(stretch -> {
                        Tokens tokens = predict(model, stretch);
                        for (int i = 0; i < tokens.codes.steps(); i++) {
                            if (tokens.codes.counts(0, 0, i)) {
                                long token = tokens.codes.target(0, 0, i);
                                Sum sum = token == lm.paddingToken()
                                        ? padding
                                        : token == TextStream.END_OF_PADDING ? ends : words;
                                tokens.addTo(sum, 0, i);
                            }
                            for (int k = 1; k <= codebooks.size(); k++) {
                                if (tokens.codes.counts(0, k, i)) {
                                    tokens.addTo(codebooks.get(k - 1), k, i);
                                }
                            }
                        }
                    });
            return new Report(
                    words.part(),
                    ends.part(),
                    padding.part(),
                    codebooks.stream().map(Sum::part).toList());
        }
    }

    /** A stretch's tokens with, for each stream, losses and likeliest tokens [T]. */
    private record Tokens(DelayedCodes codes, float[][] losses, long[][] likeliest) {
        void addTo(Sum sum, int stream, int position) {
            sum.add(losses[stream][position], likeliest[stream][position] == codes.target(0, stream, position));
        }
    }

    private static Tokens predict(TunedModel model, Stretch stretch) {
        return Autograd.withoutGradient(() -> {
            try (Scope scope = Scope.open()) {
                Network.Prediction prediction =
                        model.network().predict(List.of(model.reader().read(stretch)));
                List<Tensor> logits = prediction.logits();
                DelayedCodes codes = prediction.codes();
                float[][] losses = new float[logits.size()][];
                long[][] likeliest = new long[logits.size()][];
                for (int stream = 0; stream < losses.length; stream++) {
                    long[] targets = new long[codes.steps()];
                    for (int i = 0; i < targets.length; i++) {
                        targets[i] = codes.counts(0, stream, i) ? codes.target(0, stream, i) : 0;
                    }
                    Tensor given = logits.get(stream);
                    losses[stream] = SequenceOps.crossEntropy(given, Tensor.of(targets, given.device(), targets.length))
                            .toFloats();
                    likeliest[stream] = Ops.argmax(given).toLongs();
                }
                return new Tokens(codes, losses, likeliest);
            }
        });
    }
}

package io.github.moshivis.train.model;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.text.TextStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The loss of a batch of dialogues as moshi-finetune defines it: weighted means of the cross-entropy of text and of codes, each over all
 * tokens of the batch, added.
 *
 * @param total text + audio, []
 * @param text []
 * @param audio [], with its factor
 */
public record DialogueLoss(Tensor total, Tensor text, Tensor audio) {
    /**
     * Predicts a batch and compares.
     *
     * @param model the model
     * @param codes the batch
     * @param pictures what its rows see; null for nothing
     * @param weights of the tokens
     * @param device of the parameters
     * @param recomputation of this step
     * @return the loss, in the open scope
     */
    public static DialogueLoss of(
            LanguageSequence model,
            DelayedCodes codes,
            Pictures pictures,
            LossWeights weights,
            Device device,
            Recomputation recomputation) {
        return of(model, codes, pictures, weights, Total.of(codes, weights), device, recomputation);
    }

    /**
     * Predicts some rows of a batch: the sum over all rows is the loss of the batch.
     *
     * @param total of the whole batch
     */
    public static DialogueLoss of(
            LanguageSequence model,
            DelayedCodes codes,
            Pictures pictures,
            LossWeights weights,
            Total total,
            Device device,
            Recomputation recomputation) {
        LmConfig config = model.config();
        Tensor input = Tensor.of(codes.inputs(), device, codes.rows(), config.streams(), codes.steps());
        Tensor hidden = model.temporal(input, pictures, recomputation).hidden();
        return of(model, codes, hidden, weights, total, recomputation);
    }

    /**
     * Sums of the weights of all tokens that are predicted.
     *
     * @param text of the text stream
     * @param audio of the model's codebooks
     */
    public record Total(double text, double audio) {
        /** The sums of a batch. */
        public static Total of(DelayedCodes codes, LossWeights weights) {
            double audio = 0;
            for (int k = 1; k <= codes.config().modelCodebooks(); k++) {
                audio += Labels.of(codes, k, weights).sum();
            }
            return new Total(Labels.of(codes, 0, weights).sum(), audio);
        }
    }

    /** The loss, from hidden states [B, T, D]. */
    static DialogueLoss of(
            LanguageSequence model,
            DelayedCodes codes,
            Tensor hidden,
            LossWeights weights,
            Total total,
            Recomputation recomputation) {
        Device device = hidden.device();
        int count = codes.rows() * codes.steps();
        Tensor flat = hidden.reshape(count, hidden.size(-1)); // [B, T, D] -> [n, D]
        Labels text = Labels.of(codes, 0, weights);
        Tensor textLoss = mean(
                SequenceOps.crossEntropy(model.textLogits(flat), text.tensor(device)),
                List.of(text),
                total.text,
                device);

        Tensor audioLoss = weights.audio() == 0
                ? textLoss.mul(0)
                : audio(model, codes, flat, weights, total.audio, recomputation).mul(weights.audio());
        return new DialogueLoss(textLoss.add(audioLoss), textLoss, audioLoss);
    }

    /** The mean over all codes, from hidden states [n, D]. */
    private static Tensor audio(
            LanguageSequence model,
            DelayedCodes codes,
            Tensor flat,
            LossWeights weights,
            double total,
            Recomputation recomputation) {
        Device device = flat.device();
        int count = codes.rows() * codes.steps();
        Tensor targets =
                Tensor.of(codes.targets(), device, count, 1L + model.config().modelCodebooks());
        List<Tensor> logits = model.audioLogits(flat, targets, recomputation);
        Tensor[] losses = new Tensor[logits.size()];
        List<Labels> labels = new ArrayList<>();
        for (int k = 0; k < losses.length; k++) {
            labels.add(Labels.of(codes, k + 1, weights));
            losses[k] = SequenceOps.crossEntropy(logits.get(k), labels.get(k).tensor(device));
        }
        return mean(Ops.cat(0, losses), labels, total, device);
    }

    /** The tokens of a stream that are predicted, at all positions of a batch, and their weights; 0 and 0 where there is none. */
    private record Labels(long[] tokens, float[] weights) {
        static Labels of(DelayedCodes codes, int stream, LossWeights weights) {
            int count = codes.rows() * codes.steps();
            Labels labels = new Labels(new long[count], new float[count]);
            for (int i = 0; i < count; i++) {
                int row = i / codes.steps();
                int position = i % codes.steps();
                if (codes.counts(row, stream, position)) {
                    labels.tokens[i] = codes.target(row, stream, position);
                    labels.weights[i] = (float) weight(codes.config(), stream, labels.tokens[i], weights);
                }
            }
            return labels;
        }

        private static double weight(LmConfig config, int stream, long token, LossWeights weights) {
            if (stream > 0) {
                return stream == 1 ? weights.firstCodebook() : 1;
            }
            boolean padding = token == config.paddingToken() || token == TextStream.END_OF_PADDING;
            return padding ? weights.textPadding() : 1;
        }

        double sum() {
            double sum = 0;
            for (float weight : weights) {
                sum += weight;
            }
            return sum;
        }

        Tensor tensor(Device device) {
            return Tensor.of(tokens, device, tokens.length);
        }
    }

    /** The weighted sum of losses [n], labels one after the other, over the sum of all weights; zero if nothing counts. */
    private static Tensor mean(Tensor losses, List<Labels> labels, double total, Device device) {
        float[] weights = new float[Math.toIntExact(losses.elements())];
        int at = 0;
        for (Labels part : labels) {
            System.arraycopy(part.weights, 0, weights, at, part.weights.length);
            at += part.weights.length;
        }
        Tensor weighted = losses.mul(Tensor.of(weights, device, weights.length));
        return SequenceOps.sum(weighted).mul(total > 0 ? 1 / total : 0);
    }
}

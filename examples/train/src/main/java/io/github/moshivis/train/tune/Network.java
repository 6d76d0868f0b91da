package io.github.moshivis.train.tune;

import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.load.Norms;
import io.github.moshivis.loading.OptionForms;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.data.Dialogue;
import io.github.moshivis.train.model.AdapterParameters;
import io.github.moshivis.train.model.DelayedCodes;
import io.github.moshivis.train.model.DialogueLoss;
import io.github.moshivis.train.model.LanguageSequence;
import io.github.moshivis.train.model.LossWeights;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.Pictures;
import io.github.moshivis.train.model.Recomputation;
import io.github.moshivis.train.model.SiglipSequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model over one set of parameters, for one thread.
 *
 * @param base the language model's file
 * @param pairs a low-rank adapter's matrices, or null
 * @param adapter the same as an adapter, or null
 * @param language the language model
 * @param vision the image encoder, of which projection and norm are used here; null for a model without vision
 */
record Network(
        ModelConfig config,
        Parameters base,
        Parameters pairs,
        AdapterParameters adapter,
        LanguageSequence language,
        SiglipSequence vision)
        implements AutoCloseable {
    static Network of(
            ModelConfig config, Norms norms, DType compute, Parameters base, Parameters pairs, double scaling) {
        int codebooks = config.lm().modelCodebooks();
        AdapterParameters adapter =
                pairs == null ? null : new AdapterParameters(pairs, codebooks, rank(pairs), scaling);
        return new Network(
                config,
                base,
                pairs,
                adapter,
                new LanguageSequence(base, adapter, config.lm(), OptionForms.depthNorm(norms), compute),
                config.lm().seesImages() ? new SiglipSequence(base, config, OptionForms.imageNorm(norms)) : null);
    }

    /** The inner width, which all A have for their first size. */
    private static int rank(Parameters pairs) {
        return pairs.all().entrySet().stream()
                .filter(entry -> entry.getKey().contains("lora_A"))
                .findFirst()
                .map(entry -> (int) entry.getValue().size(0))
                .orElseThrow();
    }

    /** Everything that is trained, by names that differ between model and adapter. */
    Map<String, Tensor> trained() {
        Map<String, Tensor> trained = new LinkedHashMap<>(base.trained());
        if (pairs != null) {
            trained.putAll(pairs.trained());
        }
        return trained;
    }

    void clearGradients() {
        base.clearGradients();
        if (pairs != null) {
            pairs.clearGradients();
        }
    }

    /** Losses of some rows of a batch, on the host. */
    record Losses(double text, double audio) {
        double total() {
            return text + audio;
        }

        Losses plus(Losses other) {
            return new Losses(text + other.text, audio + other.audio);
        }

        Losses times(double factor) {
            return new Losses(text * factor, audio * factor);
        }
    }

    /**
     * Adds the gradients of some rows, in the open scope.
     *
     * @param rows some of the batch
     * @param total of the whole batch
     * @param recompute whether layers are computed twice
     * @return their part of the losses
     */
    Losses train(List<Dialogue> rows, LossWeights weights, DialogueLoss.Total total, boolean recompute) {
        Recomputation recomputation = new Recomputation(recompute);
        DialogueLoss loss = loss(rows, weights, total, recomputation);
        recomputation.backward(loss.total());
        return onHost(loss);
    }

    /** The losses of some rows without gradients, in the open scope. */
    Losses measure(List<Dialogue> rows, LossWeights weights, DialogueLoss.Total total) {
        return Autograd.withoutGradient(() -> onHost(loss(rows, weights, total, new Recomputation(false))));
    }

    private static Losses onHost(DialogueLoss loss) {
        return new Losses(loss.text().toFloats()[0], loss.audio().toFloats()[0]);
    }

    private DialogueLoss loss(
            List<Dialogue> rows, LossWeights weights, DialogueLoss.Total total, Recomputation recomputation) {
        DelayedCodes codes = codes(rows);
        return DialogueLoss.of(language, codes, pictures(rows), weights, total, device(), recomputation);
    }

    /**
     * Predictions of some rows.
     *
     * @param codes their tokens
     * @param logits of text and of each of the model's codebooks, F32 [B T, entries]
     */
    record Prediction(DelayedCodes codes, List<Tensor> logits) {}

    /** Predicts rows, in the open scope. */
    Prediction predict(List<Dialogue> rows) {
        DelayedCodes codes = codes(rows);
        int count = codes.rows() * codes.steps();
        Recomputation once = new Recomputation(false);
        Tensor input =
                Tensor.of(codes.inputs(), device(), codes.rows(), config.lm().streams(), codes.steps());
        Tensor hidden = language.temporal(input, pictures(rows), once).hidden();
        Tensor flat = hidden.reshape(count, hidden.size(-1)); // [B, T, D] -> [n, D]
        Tensor targets =
                Tensor.of(codes.targets(), device(), count, 1L + config.lm().modelCodebooks());
        List<Tensor> logits = new ArrayList<>(List.of(language.textLogits(flat)));
        logits.addAll(language.audioLogits(flat, targets, once));
        return new Prediction(codes, logits);
    }

    /** The tokens of rows. */
    DelayedCodes codes(List<Dialogue> rows) {
        return new DelayedCodes(
                rows.stream().map(Dialogue::codes).toArray(long[][][]::new),
                rows.stream().map(Dialogue::heard).toArray(long[][][]::new),
                config.lm());
    }

    private Device device() {
        return base.all().values().iterator().next().device();
    }

    /** Features of the rows' pictures, all of one size; null if no row has one. */
    private Pictures pictures(List<Dialogue> rows) {
        int size = rows.stream()
                .filter(row -> row.image() != null)
                .mapToInt(row -> row.image().length)
                .max()
                .orElse(0);
        if (size == 0 || vision == null) {
            return null;
        }
        float[] tokens = new float[rows.size() * size];
        boolean[] looks = new boolean[rows.size()];
        for (int row = 0; row < looks.length; row++) {
            float[] image = rows.get(row).image();
            looks[row] = image != null;
            if (image != null) {
                System.arraycopy(image, 0, tokens, row * size, size);
            }
        }
        int width = config.vision().hidden();
        Tensor features = vision.features(Tensor.of(tokens, device(), looks.length, size / width, width));
        return new Pictures(features, null, Tensor.of(looks, device()).view(looks.length, 1, 1));
    }

    @Override
    public void close() {
        base.close();
        if (pairs != null) {
            pairs.close();
        }
    }
}

package io.github.moshivis.train.nano;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.load.Norms;
import io.github.moshivis.loading.OptionForms;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.Classifier;
import io.github.moshivis.train.model.DelayedCodes;
import io.github.moshivis.train.model.LanguageSequence;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.Pictures;
import io.github.moshivis.train.model.Recomputation;
import io.github.moshivis.train.model.SiglipSequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The language model with the losses of the recipe, for one thread. Owns its parameters. The text is what matters; two helping losses
 * make it learn sooner: the middle layer tells the user's last word, the last layer the piece that the model says next.
 */
final class LanguageNetwork implements AutoCloseable {
    private static final double TEXT = 2;
    private static final double HELP = 0.4;
    private static final double FIRST_CODEBOOK = 3;

    /** Pull of the gates towards these values, where a word comes from the picture and elsewhere. */
    private static final double GATE = 2;

    private static final float OPEN = 0.08f;
    private static final float CLOSED = 0.01f;

    private final ModelConfig config;
    private final Parameters parameters;
    private final Parameters heads;
    private final LanguageSequence language;
    private final SiglipSequence vision;
    private final Classifier userWord;
    private final Classifier nextPiece;

    LanguageNetwork(ModelConfig config, Parameters parameters, Parameters heads, int userWords) {
        LmConfig lm = config.lm();
        this.config = config;
        this.parameters = parameters;
        this.heads = heads;
        this.vision = new SiglipSequence(parameters, config, OptionForms.imageNorm(Norms.PYTORCH));
        this.language = new LanguageSequence(parameters, null, lm, OptionForms.depthNorm(Norms.PYTORCH), DType.F32);
        this.userWord = new Classifier(heads, "userWord", userWords, lm.dim());
        this.nextPiece = new Classifier(heads, "nextPiece", lm.textCard(), lm.dim());
    }

    /** Everything that is trained begins to have gradients. */
    LanguageNetwork train() {
        parameters.train(name -> !name.startsWith("image.encoder."));
        heads.train(name -> true);
        return this;
    }

    LanguageNetwork replica(int userWords) {
        return new LanguageNetwork(config, parameters.replica(), heads.replica(), userWords);
    }

    Parameters parameters() {
        return parameters;
    }

    Map<String, Tensor> all() {
        Map<String, Tensor> all = new LinkedHashMap<>(parameters.all());
        all.putAll(heads.all());
        return all;
    }

    Map<String, Tensor> trained() {
        Map<String, Tensor> trained = new LinkedHashMap<>(parameters.trained());
        trained.putAll(heads.trained());
        return trained;
    }

    void clearGradients() {
        parameters.clearGradients();
        heads.clearGradients();
    }

    /** Losses of some rows, on the host, and how many words of the answers are told rightly. */
    record Losses(double text, double audio, double userWord, double nextPiece, int words, int right) {
        Losses plus(Losses other) {
            return new Losses(
                    text + other.text,
                    audio + other.audio,
                    userWord + other.userWord,
                    nextPiece + other.nextPiece,
                    words + other.words,
                    right + other.right);
        }
    }

    /**
     * Adds the gradients of some rows, in the open scope.
     *
     * @param share of the batch that the rows are, in (0, 1]
     * @param pulls whether the gates are pulled
     * @param random draws the pictures
     */
    Losses train(List<DialogueRow> rows, double share, boolean pulls, Random random) {
        LmConfig lm = config.lm();
        DelayedCodes codes = new DelayedCodes(
                rows.stream().map(DialogueRow::codes).toArray(long[][][]::new),
                rows.stream().map(DialogueRow::heard).toArray(long[][][]::new),
                lm);
        int count = rows.size() * codes.steps();
        Recomputation none = new Recomputation(false);
        Tensor input = Tensor.of(codes.inputs(), Device.CPU, rows.size(), lm.streams(), codes.steps());
        LanguageSequence.Temporal temporal = language.temporal(input, pictures(rows, random), none);
        Tensor hidden = temporal.hidden().reshape(count, lm.dim());
        long[] targets = codes.targets();
        int width = 1 + lm.modelCodebooks();

        Tensor textLogits = language.textLogits(hidden);
        Tensor text = text(textLogits, rows, targets, width);
        Tensor audio = audio(hidden, rows, targets, width);
        Tensor middle = temporal.layers().get(lm.layers() / 2 - 1).reshape(count, lm.dim());
        Tensor word = told(userWord, middle, flat(rows, DialogueRow::userWords));
        Tensor next = told(nextPiece, hidden, flat(rows, DialogueRow::nextPieces));
        Tensor loss = text.mul(TEXT).add(audio).add(word.add(next).mul(HELP));
        if (pulls && !temporal.gates().isEmpty()) {
            loss = loss.add(pull(temporal.gates(), rows).mul(GATE));
        }
        Autograd.backward(loss.mul(share));
        int[] words = words(textLogits, rows, targets, width);
        return new Losses(
                share * text.toFloats()[0],
                share * audio.toFloats()[0],
                share * word.toFloats()[0],
                share * next.toFloats()[0],
                words[0],
                words[1]);
    }

    private interface Labels {
        long[] of(DialogueRow row);
    }

    private static long[] flat(List<DialogueRow> rows, Labels labels) {
        return rows.stream()
                .flatMapToLong(row -> java.util.Arrays.stream(labels.of(row)))
                .toArray();
    }

    private static Tensor text(Tensor logits, List<DialogueRow> rows, long[] targets, int width) {
        int count = targets.length / width;
        long[] tokens = new long[count];
        float[] weights = new float[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            DialogueRow row = rows.get(i / (count / rows.size()));
            tokens[i] = targets[i * width];
            weights[i] = row.textWeights()[i % row.textWeights().length];
            sum += weights[i];
        }
        Tensor each = SequenceOps.crossEntropy(logits, Tensor.of(tokens, Device.CPU, count));
        return SequenceOps.sum(each.mul(Tensor.of(weights, Device.CPU, count))).mul(1 / sum);
    }

    /** Words of the answers, and how many of them have the highest logit. */
    private int[] words(Tensor logits, List<DialogueRow> rows, long[] targets, int width) {
        long[] told = Autograd.withoutGradient(() -> Ops.argmax(logits).toLongs());
        int[] counts = new int[2];
        for (int i = 0; i < told.length; i++) {
            DialogueRow row = rows.get(i / (told.length / rows.size()));
            if (row.textWeights()[i % row.textWeights().length] >= 1) {
                counts[0]++;
                counts[1] += told[i] == targets[i * width] ? 1 : 0;
            }
        }
        return counts;
    }

    private Tensor audio(Tensor hidden, List<DialogueRow> rows, long[] targets, int width) {
        List<Integer> chosen = new ArrayList<>();
        int steps = targets.length / width / rows.size();
        for (int i = 0; i < targets.length / width; i++) {
            if (rows.get(i / steps).audioPositions()[i % steps]) {
                chosen.add(i);
            }
        }
        if (chosen.isEmpty()) {
            chosen.add(steps - 1);
        }
        long[] index = chosen.stream().mapToLong(Integer::longValue).toArray();
        long[] tokens = new long[index.length * width];
        for (int i = 0; i < index.length; i++) {
            System.arraycopy(targets, (int) index[i] * width, tokens, i * width, width);
        }
        Tensor at = SequenceOps.indexSelect(hidden, 0, Tensor.of(index, Device.CPU, index.length));
        Tensor codes = Tensor.of(tokens, Device.CPU, index.length, width);
        List<Tensor> logits = language.audioLogits(at, codes, new Recomputation(false));
        double all = FIRST_CODEBOOK + logits.size() - 1;
        Tensor sum = null;
        for (int k = 0; k < logits.size(); k++) {
            Tensor mean = SequenceOps.mean(SequenceOps.crossEntropy(
                    logits.get(k), codes.select(1, k + 1L).contiguous()));
            Tensor weighted = mean.mul((k == 0 ? FIRST_CODEBOOK : 1) / all);
            sum = sum == null ? weighted : sum.add(weighted);
        }
        return sum;
    }

    /** The mean loss of a head where there is a label; zero if there is none. */
    private static Tensor told(Classifier head, Tensor hidden, long... labels) {
        List<Long> places = new ArrayList<>();
        List<Long> wanted = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= 0) {
                places.add((long) i);
                wanted.add(labels[i]);
            }
        }
        boolean none = places.isEmpty();
        long[] index =
                none ? new long[1] : places.stream().mapToLong(Long::longValue).toArray();
        long[] classes =
                none ? new long[1] : wanted.stream().mapToLong(Long::longValue).toArray();
        Tensor at = SequenceOps.indexSelect(hidden, 0, Tensor.of(index, Device.CPU, index.length));
        Tensor loss = SequenceOps.mean(
                SequenceOps.crossEntropy(head.forward(at), Tensor.of(classes, Device.CPU, classes.length)));
        return none ? loss.mul(0) : loss;
    }

    private static Tensor pull(List<Tensor> gates, List<DialogueRow> rows) {
        int steps = rows.get(0).seen().length;
        float[] wanted = new float[rows.size() * steps];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = rows.get(i / steps).seen()[i % steps] ? OPEN : CLOSED;
        }
        Tensor mean = SequenceOps.mean(Ops.square(Ops.mean(Ops.stack(0, gates.toArray(Tensor[]::new)), 0)
                .view(rows.size(), steps)
                .sub(Tensor.of(wanted, Device.CPU, rows.size(), steps))));
        return mean.mul(100);
    }

    /** The rows' pictures, drawn anew; null if no row has one. */
    private Pictures pictures(List<DialogueRow> rows, Random random) {
        int side = config.vision().imageSize();
        float[] pixels = new float[rows.size() * 3 * side * side];
        boolean[] looks = new boolean[rows.size()];
        boolean any = false;
        for (int i = 0; i < looks.length; i++) {
            if (rows.get(i).picture().isPresent()) {
                looks[i] = true;
                any = true;
                Scene.Drawing drawing = rows.get(i).picture().get().draw(side, random);
                VisionStage.normalize(drawing.image(), pixels, i * 3 * side * side, 0, random);
            }
        }
        if (!any) {
            return null;
        }
        Tensor tokens = Autograd.withoutGradient(
                () -> vision.tokens(Tensor.of(pixels, Device.CPU, looks.length, 3, side, side)));
        return new Pictures(
                vision.features(tokens), null, Tensor.of(looks, Device.CPU).view(looks.length, 1, 1));
    }

    @Override
    public void close() {
        parameters.close();
        heads.close();
    }
}

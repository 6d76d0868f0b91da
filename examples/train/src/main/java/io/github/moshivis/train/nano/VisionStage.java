package io.github.moshivis.train.nano;

import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.load.Norms;
import io.github.moshivis.loading.OptionForms;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.Classifier;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.SiglipSequence;
import io.github.moshivis.train.optim.Schedule;
import io.github.moshivis.weights.names.PytorchNames;
import io.github.moshivis.weights.names.TensorNames;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Training of the image encoder by itself: each patch tells rank, color, shape and silhouette of its item, and how many items there are.
 * Belongs to a scope for training.
 */
final class VisionStage implements StageLoop.Model, AutoCloseable {
    private static final int[] SIDES = {112, 168, 168, 224, 224, 224, 336, 448};
    private static final int EASY_SIDE = 168;

    /** Share of the steps with mostly one item, until the shapes are learned. */
    private static final double EASY = 0.12;

    private static final int RANKS = 4;
    private static final int COUNTS = 4;

    private final Parameters parameters;
    private final Parameters heads;
    private final SiglipSequence encoder;
    private final Map<String, Classifier> classifiers = new LinkedHashMap<>();
    private final int patch;
    private final int pictures;
    private final int steps;
    private final long seed;

    VisionStage(ModelConfig config, int pictures, int steps, long seed) {
        this.patch = config.vision().patchSize();
        this.pictures = pictures;
        this.steps = steps;
        this.seed = seed;
        FirstValues values = new FirstValues(seed);
        this.parameters = Parameters.fresh(PytorchNames.table(config.lm().modelCodebooks()), values);
        this.encoder = new SiglipSequence(parameters, config, OptionForms.imageNorm(Norms.PYTORCH));
        parameters.train(name -> name.startsWith("image.encoder."));
        this.heads = Parameters.fresh(TensorNames.SAME, values);
        int width = config.vision().hidden();
        classifiers.put("rank", new Classifier(heads, "rank", RANKS, width));
        classifiers.put("hue", new Classifier(heads, "hue", Scene.Hue.values().length + 1L, width));
        classifiers.put("shape", new Classifier(heads, "shape", Figure.values().length + 1L, width));
        classifiers.put("count", new Classifier(heads, "count", COUNTS, width));
        classifiers.put(
                "silhouette", new Classifier(heads, "silhouette", PatchLabels.CELLS * PatchLabels.CELLS, width));
        heads.train(name -> true);
    }

    static StageLoop.Settings settings(int steps, int save) {
        Schedule schedule = new Schedule.HoldThenFall(1e-3, steps, Math.min(200, steps / 4), 0.3, 0.02, 0.9);
        return new StageLoop.Settings("vision", steps, save, schedule, 0.98, 0.01, 1, 0);
    }

    /** The encoder's tensors, by the names of the language model's file; projection and norm of the image are not trained yet. */
    @Override
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>(parameters.trained());
        state.putAll(heads.all());
        return state;
    }

    /** The tensors that the language model keeps. */
    Map<String, Tensor> encoder() {
        return parameters.trained();
    }

    @Override
    public Map<String, Tensor> trained() {
        return state();
    }

    @Override
    public void clearGradients() {
        parameters.clearGradients();
        heads.clearGradients();
    }

    @Override
    public Map<String, Double> step(int step) {
        Random random = new Random(seed * 37 + step);
        boolean easy = step < EASY * steps;
        int side = easy ? EASY_SIDE : SIDES[random.nextInt(SIDES.length)];
        int count = Math.max(2, Math.min(2 * pictures, pictures * EASY_SIDE * EASY_SIDE / (side * side)));
        List<Scene.Drawing> drawings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Scene scene = Scene.random(random);
            Scene shown =
                    easy && random.nextInt(5) > 0 ? new Scene(scene.items().subList(0, 1)) : scene;
            drawings.add(shown.draw(side, random));
        }
        try (Scope scope = Scope.open()) {
            return learn(drawings, side / patch, pixels(drawings, random));
        }
    }

    private Map<String, Double> learn(List<Scene.Drawing> drawings, int grid, Tensor pixels) {
        PatchLabels labels = new PatchLabels(drawings, grid);
        Tensor tokens = encoder.tokens(pixels); // [B, N, C]
        Tensor flat = tokens.reshape(tokens.size(0) * tokens.size(1), tokens.size(2));
        Map<String, Tensor> losses = new LinkedHashMap<>();
        losses.put("rank", told("rank", flat, labels.rank));
        losses.put("hue", told("hue", flat, labels.hue));
        losses.put("shape", told("shape", flat, labels.shape));
        losses.put("count", told("count", flat, labels.count));
        losses.put("silhouette", silhouette(flat, labels));
        Tensor loss = losses.values().stream().reduce(Tensor::add).orElseThrow();
        Autograd.backward(loss);
        Map<String, Double> found = new LinkedHashMap<>();
        found.put("loss", (double) loss.toFloats()[0]);
        losses.forEach((name, each) -> found.put(name, (double) each.toFloats()[0]));
        return found;
    }

    private Tensor told(String name, Tensor tokens, long... labels) {
        Tensor logits = classifiers.get(name).forward(tokens);
        Tensor each = SequenceOps.crossEntropy(logits, Tensor.of(labels, Device.CPU, labels.length));
        float[] weights = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            weights[i] = labels[i] == 0 ? 0.3f : 1; // most patches are background
        }
        return SequenceOps.mean(each.mul(Tensor.of(weights, Device.CPU, weights.length)));
    }

    /** The mean square of what is missing, on patches of items. */
    private Tensor silhouette(Tensor tokens, PatchLabels labels) {
        Tensor cells = SequenceOps.sigmoid(classifiers.get("silhouette").forward(tokens)); // [n, 49]
        Tensor wanted = Tensor.of(labels.silhouette, Device.CPU, cells.shape());
        float[] weights = new float[labels.rank.length];
        int items = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = labels.rank[i] == 0 ? 0 : 1;
            items += labels.rank[i] == 0 ? 0 : 1;
        }
        Tensor each =
                Ops.mean(Ops.square(cells.sub(wanted)), -1).mul(Tensor.of(weights, Device.CPU, weights.length, 1));
        return SequenceOps.sum(each).mul(4.0 / Math.max(1, items));
    }

    /** With a little noise, [B, 3, side, side]. */
    private static Tensor pixels(List<Scene.Drawing> drawings, Random random) {
        int side = drawings.get(0).image().getWidth();
        float[] values = new float[drawings.size() * 3 * side * side];
        for (int i = 0; i < drawings.size(); i++) {
            float noise = random.nextInt(2) * 0.05f * random.nextFloat();
            normalize(drawings.get(i).image(), values, i * 3 * side * side, noise, random);
        }
        return Tensor.of(values, Device.CPU, drawings.size(), 3, side, side);
    }

    /** Pixels as the encoder reads them, from -1 to 1, color after color. */
    static void normalize(BufferedImage image, float[] values, int first, float noise, Random random) {
        int count = image.getWidth() * image.getHeight();
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        for (int i = 0; i < count; i++) {
            float shift = noise == 0 ? 0 : noise * (2 * random.nextFloat() - 1);
            for (int color = 0; color < 3; color++) {
                int value = pixels[i] >> 8 * (2 - color) & 0xFF;
                values[first + color * count + i] = value / 127.5f - 1 + shift;
            }
        }
    }

    @Override
    public void close() {
        parameters.close();
        heads.close();
    }
}

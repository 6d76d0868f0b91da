package io.github.moshivis.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.moshivis.Golden;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.DelayedCodes;
import io.github.moshivis.train.model.LossWeights;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.Pictures;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.PytorchNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The golden set {@code train}, and how to compare gradients with it. */
public final class GoldenTraining {
    private GoldenTraining() {}

    /** The batch of the set lm. */
    public record Batch(DelayedCodes codes, Golden.Values images, Golden.Values hasImage) {
        /** What its rows see, with features to take a gradient of. */
        public Pictures pictures(Tensor features) {
            boolean[] looks = new boolean[hasImage.floats().length];
            for (int i = 0; i < looks.length; i++) {
                looks[i] = hasImage.floats()[i] != 0;
            }
            return new Pictures(features, null, Tensor.of(looks, Device.CPU).view(looks.length, 1, 1));
        }
    }

    public static LmConfig lmConfig(Path scratch) throws IOException {
        return Golden.config("train/lm", scratch).lm();
    }

    public static Parameters lmParameters(LmConfig config) {
        return Parameters.read(
                SafetensorsFile.open(Golden.path("train/lm/model.safetensors")),
                PytorchNames.table(config.modelCodebooks()),
                Device.CPU);
    }

    public static Batch batch(LmConfig config) {
        Map<String, Golden.Values> inputs = Golden.tensors("train/lm/inputs.safetensors");
        Golden.Values codes = inputs.get("codes");
        int rows = (int) codes.shape()[0];
        int streams = (int) codes.shape()[1];
        int steps = (int) codes.shape()[2];
        long[][][] tokens = new long[rows][streams][steps];
        for (int i = 0; i < codes.floats().length; i++) {
            tokens[i / (streams * steps)][i / steps % streams][i % steps] = (long) codes.floats()[i];
        }
        return new Batch(new DelayedCodes(tokens, config), inputs.get("image_embeddings"), inputs.get("has_image"));
    }

    public static LossWeights weights() {
        JsonNode loss = Golden.json("train/lm/config.json").get("loss");
        return new LossWeights(
                loss.get("text_padding_weight").doubleValue(),
                loss.get("first_codebook_weight_multiplier").doubleValue());
    }

    /** The float64 arrays of a file. */
    public static Map<String, double[]> doubles(String name) {
        Map<String, double[]> all = new TreeMap<>();
        try (TensorFile file = SafetensorsFile.open(Golden.path(name))) {
            for (StoredTensor stored : file.tensors().values()) {
                if (stored.type() == StoredType.F64) {
                    double[] values = new double[(int) stored.byteLength() / Double.BYTES];
                    file.bytes(stored.name()).slice().asDoubleBuffer().get(values);
                    all.put(stored.name(), values);
                }
            }
        }
        return all;
    }

    /** The norm of the difference over the norm of what is expected; zero if both are zero. */
    public static double relative(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - (double) expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return difference == 0 ? 0 : Math.sqrt(difference / norm);
    }

    /** With {@code -Dgradients.print}, the largest difference of a test, for docs/training.md. */
    private static void print(Map<String, Double> differences) {
        if (System.getProperty("gradients.print") != null) {
            String test = StackWalker.getInstance()
                    .walk(frames -> frames.filter(frame -> !frame.getClassName().equals(GoldenTraining.class.getName()))
                            .findFirst()
                            .map(frame -> frame.getClassName().replaceFirst(".*\\.", "") + "." + frame.getMethodName())
                            .orElseThrow());
            differences.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .ifPresent(each ->
                            System.out.printf("gradients: %s %.1e (%s)%n", test, each.getValue(), each.getKey()));
        }
    }

    /** Checks the gradients of all tensors of which the file has one, and that there are no others. */
    public static void assertGradients(
            Map<String, Tensor> leaves,
            Map<String, Golden.Values> expected,
            Map<String, Double> tolerances,
            double usual) {
        Map<String, Double> found = new TreeMap<>();
        expected.forEach((name, values) -> {
            if (name.startsWith("grad.")) {
                String key = name.substring("grad.".length());
                Tensor gradient = Autograd.gradient(leaves.get(key));
                float[] actual = gradient == null ? new float[values.floats().length] : gradient.toFloats();
                found.put(key, relative(actual, values.floats()));
            }
        });
        assertThat(found).isNotEmpty();
        print(found);
        found.forEach((key, difference) ->
                assertThat(difference).as("gradient of " + key).isLessThan(tolerances.getOrDefault(key, usual)));
        leaves.forEach((key, leaf) -> {
            if (!expected.containsKey("grad." + key) && Autograd.gradient(leaf) != null) {
                assertThat(Autograd.gradient(leaf).toFloats())
                        .as("gradient of " + key)
                        .containsOnly(0f);
            }
        });
    }
}

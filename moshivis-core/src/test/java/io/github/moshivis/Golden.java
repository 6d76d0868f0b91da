package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.layout.MimiConfigs;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The golden data and how to compare with it. The folder is named by the system property {@code golden.dir}; see its README for
 * what each file means. Tolerances for float32 stand in {@link Tolerance}, each as its README suggests.
 */
public final class Golden {
    /** Largest allowed absolute differences in float32, about ten times the reference's own float noise. */
    public static final class Tolerance {
        /** Logits of the text stream. */
        public static final double TEXT_LOGITS = 1e-4;
        /** Logits of the audio streams, and all logits of the e2e set. */
        public static final double AUDIO_LOGITS = 3e-4;
        /** Intermediates of the language model, keys and values, latents of the e2e set. */
        public static final double HIDDEN = 3e-5;
        /** Gate weights. */
        public static final double GATE = 1e-6;
        /** Probabilities. */
        public static final double PROBABILITY = 1e-6;
        /** Latents and intermediates of Mimi. */
        public static final double CODEC = 4e-5;
        /** Samples. */
        public static final double PCM = 1e-5;
        /** Everything of the image side but pixel values. */
        public static final double VISION = 5e-5;
        /** Normalized pixel values. */
        public static final double PIXELS = 1e-6;

        private Tolerance() {}
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private Golden() {}

    /** A file or folder of the golden data. */
    public static Path path(String name) {
        return Path.of(System.getProperty("golden.dir")).resolve(name);
    }

    /** A JSON file. */
    public static JsonNode json(String name) {
        try {
            return JSON.readTree(path(name).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The configuration of a set whose config.json has the parts moshi, fuse_and_image and siglip_vision_config. */
    public static ModelConfig config(String set, Path scratch) throws IOException {
        JsonNode config = json(set + "/config.json");
        ObjectNode yaml = JSON.createObjectNode();
        for (String part : new String[] {"moshi", "fuse_and_image"}) {
            if (config.has(part)) {
                yaml.setAll((ObjectNode) config.get(part));
            }
        }
        JSON.writeValue(scratch.resolve("moshika-vis.yaml").toFile(), yaml);
        JSON.writeValue(scratch.resolve("siglip_config.json").toFile(), config.get("siglip_vision_config"));
        ObjectNode mimi = (ObjectNode) json("mimi/config.json").get("mimi");
        ((ObjectNode) mimi.get("quantizer")).put("bins", yaml.path("audio_card").asInt(2048));
        JSON.writeValue(scratch.resolve("mimi_config.json").toFile(), mimi);
        Files.createDirectories(scratch);
        return ModelDirectory.read(scratch).config();
    }

    /** The sizes of the set mimi. */
    public static MimiConfig mimiConfig(Path scratch) throws IOException {
        Path file = scratch.resolve(ModelLayout.MIMI_CONFIG);
        JSON.writeValue(file.toFile(), json("mimi/config.json").get("mimi"));
        return MimiConfigs.read(file);
    }

    /**
     * One array of a file.
     *
     * @param shape its sizes
     * @param floats its values, integers included
     */
    public record Values(long[] shape, float[] floats) {
        /** As integers. */
        public long[] longs() {
            long[] longs = new long[floats.length];
            Arrays.setAll(longs, i -> (long) floats[i]);
            return longs;
        }

        /** Entry {@code index} of the first dimension. */
        public Values row(int index) {
            int size = floats.length / (int) shape[0];
            return new Values(
                    Arrays.copyOfRange(shape, 1, shape.length),
                    Arrays.copyOfRange(floats, index * size, (index + 1) * size));
        }

        /** As an F32 tensor of the open scope. */
        public Tensor tensor() {
            return Tensor.of(floats, Device.CPU, shape);
        }

        /** As an I64 tensor of the open scope. */
        public Tensor ids() {
            return Tensor.of(longs(), Device.CPU, shape);
        }
    }

    /** All arrays of a safetensors file. */
    public static Map<String, Values> tensors(String name) {
        Map<String, Values> all = new LinkedHashMap<>();
        try (TensorFile file = SafetensorsFile.open(path(name));
                Scope scope = Scope.open()) {
            for (StoredTensor stored : file.tensors().values()) {
                byte[] bytes = new byte[(int) stored.byteLength()];
                file.bytes(stored.name()).slice().get(bytes);
                long[] shape = stored.shape().toArray();
                Tensor tensor = Tensor.of(bytes, dtype(stored.type()), shape);
                all.put(stored.name(), new Values(shape, tensor.toFloats()));
            }
        }
        return all;
    }

    private static DType dtype(StoredType type) {
        return type == StoredType.U8 ? DType.U8 : DType.valueOf(type.name());
    }

    /** Checks that the largest absolute difference is within a tolerance. */
    public static void assertClose(String what, float[] actual, float[] expected, double tolerance) {
        assertThat(actual).as(what + ": number of values").hasSameSizeAs(expected);
        assertThat(maxDifference(actual, expected))
                .as(what + ": largest difference")
                .isLessThanOrEqualTo(tolerance);
    }

    /** The largest absolute difference; infinite where a value is not a number. */
    public static double maxDifference(float[] actual, float[] expected) {
        double max = 0;
        for (int i = 0; i < actual.length; i++) {
            double difference = Math.abs((double) actual[i] - expected[i]);
            max = Math.max(max, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return max;
    }

    /** The mean absolute difference. */
    public static double meanDifference(float[] actual, float[] expected) {
        double sum = 0;
        for (int i = 0; i < actual.length; i++) {
            sum += Math.abs((double) actual[i] - expected[i]);
        }
        return sum / actual.length;
    }
}

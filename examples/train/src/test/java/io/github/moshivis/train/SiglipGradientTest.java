package io.github.moshivis.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.Golden;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.plugin.Providers;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.train.model.SiglipSequence;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.names.PytorchNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of the image encoder equal to those of conversations; loss and gradients equal to PyTorch's: the golden set {@code train/vision}. */
class SiglipGradientTest {
    private static final double GRADIENT = 3e-5;
    private static final float LOSS = 3e-6f;
    /** A bias of keys shifts all scores of a query alike: its gradient is rounding alone. */
    private static final double NOTHING = 1e-7;

    @TempDir
    private Path scratch;

    /** The sizes of the set, in a language model of the released sizes but for its width. */
    private ModelConfig config() throws IOException {
        JsonNode set = Golden.json("train/vision/config.json");
        ObjectNode siglip = (ObjectNode) set.get("siglip_vision_config");
        new ObjectMapper().writeValue(scratch.resolve("siglip_config.json").toFile(), siglip);
        ModelConfig read = ModelDirectory.read(scratch).config();
        LmConfig lm =
                LmConfig.MOSHIKA_VIS.imageDim(OptionalInt.of(set.get("dim").intValue()));
        return new ModelConfig(lm, MimiConfig.MIMI_V0_1, read.vision());
    }

    @ParameterizedTest
    @CsvSource({"native, expected", "interpolated, expected_interpolated"})
    void everyGradientIsThatOfTheReference(String name, String file) throws IOException {
        Map<String, Golden.Values> inputs = Golden.tensors("train/vision/inputs.safetensors");
        Map<String, Golden.Values> expected = Golden.tensors("train/vision/" + file + ".safetensors");
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters = Parameters.read(
                        SafetensorsFile.open(Golden.path("train/vision/model.safetensors")),
                        PytorchNames.table(1),
                        Device.CPU)) {
            SiglipSequence encoder = new SiglipSequence(parameters, config(), RmsNorm.Spec.VARIANCE_UNCAST);
            parameters.train(each -> true);
            Tensor features = encoder.features(
                    encoder.tokens(inputs.get(name + ".pixel_values").tensor()));
            Golden.assertClose(
                    "features",
                    features.toFloats(),
                    expected.get("cross_attention_src").floats(),
                    Golden.Tolerance.VISION);
            Tensor loss = SequenceOps.mean(
                    Ops.square(features.sub(inputs.get(name + ".target").tensor())));
            Golden.assertClose("loss", loss.toFloats(), expected.get("loss").floats(), LOSS);
            Autograd.backward(loss);
            Map<String, Golden.Values> compared = new TreeMap<>(expected);
            compared.keySet().removeIf(key -> key.endsWith("k_proj.bias"));
            Map<String, Tensor> leaves = new TreeMap<>(parameters.all());
            expected.keySet().stream()
                    .filter(key -> key.endsWith("k_proj.bias"))
                    .map(key -> leaves.remove(key.substring("grad.".length())))
                    .map(leaf -> Autograd.gradient(leaf).toFloats())
                    .forEach(bias -> Golden.assertClose("bias of keys", bias, new float[bias.length], NOTHING));
            GoldenTraining.assertGradients(leaves, compared, Map.of(), GRADIENT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 28})
    void theTokensAreThoseThatConversationsAttendTo(int larger) throws IOException {
        ModelConfig config = config();
        Path file = Golden.path("train/vision/model.safetensors");
        int side = config.vision().imageSize() + larger;
        float[] pixels = new float[3 * side * side];
        Random random = new Random(8);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) (2 * random.nextDouble() - 1);
        }
        float[] expected;
        try (Weights weights = new Weights(SafetensorsFile.open(file), PytorchNames.table(1), Device.CPU);
                Scope scope = Scope.open()) {
            ImageEncoder encoder = Providers.imageEncoder()
                    .load(weights.as(DType.F32).at("image"), config, RmsNorm.Spec.VARIANCE_UNCAST);
            try (ImageEncoder.Encoding encoding = encoder.begin(new ImageEncoder.Prepared(pixels, side))) {
                boolean more = true;
                while (more) {
                    more = encoding.advance();
                }
                expected = encoding.features().toFloats();
            }
        }
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters =
                        Parameters.read(SafetensorsFile.open(file), PytorchNames.table(1), Device.CPU)) {
            SiglipSequence encoder = new SiglipSequence(parameters, config, RmsNorm.Spec.VARIANCE_UNCAST);
            Tensor features = encoder.features(encoder.tokens(Tensor.of(pixels, Device.CPU, 1, 3, side, side)));
            Golden.assertClose("features", features.toFloats(), expected, Golden.Tolerance.VISION);
        }
    }
}

package io.github.moshivis.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.layout.MimiConfigs;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.MimiSequence;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.names.TensorNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loss, gradients and codebooks of Mimi in training, equal to PyTorch's: the golden set {@code train/mimi}. */
class MimiGradientTest {
    private static final double GRADIENT = 1e-4;
    /** A float32 sum of some 30,000 terms that cancel. */
    private static final Map<String, Double> CANCELLING = Map.of("decoder.model.14.conv.conv.bias", 1e-3);

    private static final float LOSS = 3e-6f;
    private static final double BUFFERS = 8e-5;

    @TempDir
    private Path scratch;

    private MimiConfig config() throws IOException {
        Path file = scratch.resolve("mimi_config.json");
        Files.writeString(
                file, Golden.json("train/mimi/config.json").get("mimi").toString());
        return MimiConfigs.read(file);
    }

    private static int codebooks() {
        return Golden.json("train/mimi/config.json").get("num_codebooks").intValue();
    }

    private static Parameters parameters() {
        return Parameters.read(
                SafetensorsFile.open(Golden.path("train/mimi/tokenizer-tiny.safetensors")),
                TensorNames.SAME,
                Device.CPU);
    }

    private static void assertScalar(String name, Tensor actual, Map<String, Golden.Values> expected) {
        Golden.assertClose(name, actual.toFloats(), expected.get(name).floats(), LOSS);
    }

    @Test
    void everyGradientIsThatOfTheReference() throws IOException {
        Map<String, Golden.Values> expected = Golden.tensors("train/mimi/expected.safetensors");
        double commitmentWeight = Golden.json("train/mimi/config.json")
                .get("loss")
                .get("commitment_weight")
                .doubleValue();
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters = parameters()) {
            MimiSequence mimi = new MimiSequence(parameters, config(), codebooks());
            parameters.train(MimiSequence::isTrained);
            Tensor audio =
                    Golden.tensors("train/mimi/inputs.safetensors").get("audio").tensor();
            Tensor encoded = mimi.encode(audio);
            Tensor latent = Autograd.requireGradient(Autograd.detach(encoded), true);
            MimiSequence.Quantized quantized = mimi.quantize(latent);
            Tensor input = Autograd.requireGradient(Autograd.detach(quantized.quantized()), true);
            Tensor wave = mimi.decode(input);
            Tensor loss = SequenceOps.mean(Ops.abs(wave.sub(audio)));

            Golden.assertClose(
                    "latent", latent.toFloats(), expected.get("latent").floats(), Golden.Tolerance.CODEC);
            assertThat(quantized.codes().toLongs())
                    .isEqualTo(expected.get("codes").longs());
            Golden.assertClose(
                    "quantized",
                    quantized.quantized().toFloats(),
                    expected.get("quantized").floats(),
                    2e-5);
            Golden.assertClose("wave", wave.toFloats(), expected.get("wave").floats(), Golden.Tolerance.PCM);
            assertScalar("loss.wave", loss, expected);
            assertScalar("loss.commitment_first", quantized.commitmentFirst(), expected);
            assertScalar("loss.commitment_rest", quantized.commitmentRest(), expected);
            assertScalar("loss.commitment", quantized.commitment(), expected);
            assertScalar("loss", loss.add(quantized.commitment().mul(commitmentWeight)), expected);

            Autograd.backward(loss);
            assertGradientOf("quantized", input, expected);
            Autograd.backward(
                    List.of(quantized.quantized(), quantized.commitment().mul(commitmentWeight)),
                    List.of(
                            Autograd.gradient(input),
                            Tensor.of(new float[] {1}, Device.CPU).view()));
            assertGradientOf("latent", latent, expected);
            Autograd.backward(List.of(encoded), List.of(Autograd.gradient(latent)));
            GoldenTraining.assertGradients(parameters.all(), expected, CANCELLING, GRADIENT);
        }
    }

    private static void assertGradientOf(String name, Tensor leaf, Map<String, Golden.Values> expected) {
        assertThat(GoldenTraining.relative(
                        Autograd.gradient(leaf).toFloats(),
                        expected.get("grad_of." + name).floats()))
                .as("gradient of " + name)
                .isLessThan(GRADIENT);
    }

    @Test
    void theCodebooksFollowAsThoseOfTheReference() throws IOException {
        Map<String, Golden.Values> expected = Golden.tensors("train/mimi/expected_codebooks.safetensors");
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters = parameters()) {
            MimiSequence mimi = new MimiSequence(parameters, config(), codebooks());
            Tensor latent = mimi.encode(
                    Golden.tensors("train/mimi/inputs.safetensors").get("audio").tensor());
            Random random = new Random(1);
            for (int call = 1; call < 5; call++) {
                MimiSequence.Quantized quantized = mimi.followCodebooks(latent, random);
                assertCall("call" + call + ".", quantized, parameters, expected);
            }
            List<boolean[]> expired = new ArrayList<>();
            expected.forEach((name, values) -> {
                if (name.endsWith(".expired")) {
                    boolean[] flags = new boolean[values.floats().length];
                    for (int i = 0; i < flags.length; i++) {
                        flags[i] = values.floats()[i] != 0;
                    }
                    expired.add(flags);
                }
            });
            List<boolean[]> found = mimi.expired();
            assertThat(found).hasSameSizeAs(expired).containsExactlyElementsOf(expired);
            mimi.followCodebooks(latent, random);
            List<boolean[]> after = mimi.expired();
            for (int book = 0; book < found.size(); book++) {
                for (int code = 0; code < found.get(book).length; code++) {
                    assertThat(found.get(book)[code] && after.get(book)[code])
                            .as("code %d of codebook %d is still expired", code, book)
                            .isFalse();
                }
            }
        }
    }

    private static void assertCall(
            String call, MimiSequence.Quantized quantized, Parameters parameters, Map<String, Golden.Values> expected) {
        expected.forEach((name, values) -> {
            if (name.equals(call + "codes")) {
                assertThat(quantized.codes().toLongs()).isEqualTo(values.longs());
            } else if (name.startsWith(call)) {
                Tensor buffer = parameters.all().get(name.substring(call.length()));
                Golden.assertClose(name, buffer.toFloats(), values.floats(), BUFFERS);
            }
        });
    }
}

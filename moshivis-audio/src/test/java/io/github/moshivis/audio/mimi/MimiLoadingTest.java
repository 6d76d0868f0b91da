package io.github.moshivis.audio.mimi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.moshivis.Golden;
import io.github.moshivis.Golden.Values;
import io.github.moshivis.Leaks;
import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Mimi file may look like. */
class MimiLoadingTest {
    @TempDir
    Path scratch;

    private MimiConfig config;
    private final Map<String, Values> tensors = new LinkedHashMap<>(
            Golden.tensors("mimi/" + MimiFixture.checkpoint().getFileName()));

    @BeforeEach
    void readSizes() throws IOException {
        config = Golden.mimiConfig(scratch);
    }

    private MimiFixture load() {
        return load(SpeechCodec.Forms.EXACT);
    }

    private MimiFixture load(SpeechCodec.Forms forms) {
        List<TensorSpec> specs = tensors.entrySet().stream()
                .map(entry -> TensorSpec.of(
                        entry.getKey(), StoredType.F32, entry.getValue().shape()))
                .toList();
        TensorFile file = new MemoryTensorFile(
                specs, (spec, memory) -> memory.put(tensors.get(spec.name()).floats()));
        return new MimiFixture(file, forms, config, MimiFixture.codebooks());
    }

    private void assertEncodesAsTheReference(double tolerance) {
        Map<String, Values> expected = Golden.tensors("mimi/expected.safetensors");
        Values audio = Golden.tensors("mimi/inputs.safetensors").get("audio");
        try (MimiFixture fixture = load();
                Scope scope = Scope.open()) {
            Tensor codes = fixture.mimi.encodeOffline(audio.tensor().select(1, 0));
            assertThat(codes.transpose(1, 2).toLongs())
                    .isEqualTo(expected.get("offline.codes").longs());
            Values given = Golden.tensors("mimi/inputs.safetensors").get("codes_given");
            Golden.assertClose(
                    "samples",
                    fixture.mimi.decodeOffline(given.ids().transpose(1, 2)).toFloats(),
                    expected.get("offline.decode.pcm").floats(),
                    tolerance);
        }
    }

    @Test
    void isFoundByCore() {
        assertThat(ServiceLoader.load(SpeechCodec.Provider.class))
                .singleElement()
                .isInstanceOf(MimiProvider.class);
    }

    @Test
    void acceptsKernelsWithAWeightNormThatWasNotFolded() {
        List<String> kernels = tensors.keySet().stream()
                .filter(name -> name.matches("(encoder|decoder)\\.model\\..*\\.weight"))
                .toList();
        for (String name : kernels) {
            Values kernel = tensors.remove(name);
            Values length = new Values(new long[] {kernel.shape()[0], 1, 1}, new float[(int) kernel.shape()[0]]);
            float[] direction = kernel.floats().clone();
            int size = direction.length / length.floats().length;
            for (int i = 0; i < direction.length; i++) {
                length.floats()[i / size] += direction[i] * direction[i];
                direction[i] *= 1.75f; // its length does not count
            }
            for (int i = 0; i < length.floats().length; i++) {
                length.floats()[i] = (float) Math.sqrt(length.floats()[i]);
            }
            tensors.put(name + "_v", new Values(kernel.shape(), direction));
            tensors.put(name + "_g", length);
        }
        // Each kernel differs by the rounding of its norm.
        assertEncodesAsTheReference(5 * Golden.Tolerance.PCM);
    }

    @Test
    void acceptsTheOlderNamesOfCodebooks() {
        for (String name : List.copyOf(tensors.keySet())) {
            String older = name.replace("_initialized", "inited")
                    .replace("cluster_usage", "cluster_size")
                    .replace("embedding_sum", name.contains("rvq_first") ? "embed_avg" : "embed_sum");
            tensors.put(older, tensors.remove(name));
        }
        assertEncodesAsTheReference(Golden.Tolerance.PCM);
    }

    @Test
    void readsNoMoreThanItNeedsAndKnowsTheRest() {
        List<String> warnings = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord event) {
                warnings.add(event.getMessage() + Arrays.toString(event.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.github.moshivis.weights.Weights");
        logger.addHandler(handler);
        try {
            load().close();
            assertThat(warnings).isEmpty();
            tensors.put("quantizer.rvq_third.surprise", new Values(new long[] {1}, new float[1]));
            load().close();
            assertThat(warnings).singleElement().asString().contains("rvq_third.surprise");
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    void encoderAloneNeedsNoDecoderAndGivesTheSameCodes() {
        Values audio = Golden.tensors("mimi/inputs.safetensors").get("audio");
        Values expected = Golden.tensors("mimi/expected.safetensors").get("offline.codes");
        tensors.keySet().removeIf(name -> name.matches("decoder.*|upsample.*|quantizer.*output_proj.*"));
        try (MimiFixture fixture = load(SpeechCodec.Forms.EXACT.encoderOnly());
                SpeechCodec.State state = fixture.mimi.newState(1);
                Scope scope = Scope.open()) {
            Tensor codes = fixture.mimi.encodeOffline(audio.tensor().select(1, 0));
            assertThat(codes.transpose(1, 2).toLongs()).isEqualTo(expected.longs());
            state.reset(0);
            Rows one = Rows.all(Device.CPU, 1);
            assertThatIllegalStateException()
                    .isThrownBy(() -> fixture.mimi.planDecoding(state, one))
                    .withMessageContaining("without its decoder");
            assertThatIllegalStateException().isThrownBy(() -> fixture.mimi.decodeOffline(codes));
        }
    }

    @Test
    void namesEverythingThatIsMissingOrWrong() {
        tensors.remove("decoder.model.0.conv.conv.weight");
        tensors.remove("quantizer.rvq_rest.vq.layers.2._codebook.cluster_usage");
        tensors.put("encoder.model.0.conv.conv.bias", new Values(new long[] {3}, new float[3]));
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(this::load)
                .withMessageContaining("3 problems")
                .withMessageContaining("decoder.model.0.conv.conv.weight: missing")
                .withMessageContaining("layers.2._codebook.cluster_usage: missing")
                .withMessageContaining("encoder.model.0.conv.conv.bias: has shape [3]");
    }

    @Test
    void usesAsManyCodebooksAsThereAre() throws IOException {
        int stored = config.quantizer().codebooks();
        try (MimiFixture all = new MimiFixture(SafetensorsFile.open(MimiFixture.checkpoint()), config, stored);
                Scope scope = Scope.open()) {
            assertThat(all.mimi.quantizer().codebooks()).isEqualTo(stored);
        }
        for (int wrong : new int[] {1, stored + 1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new MimiFixture(SafetensorsFile.open(MimiFixture.checkpoint()), config, wrong))
                    .withMessageContaining("Mimi cannot use " + wrong + " codebooks: expected 2 to " + stored);
        }
    }

    @Test
    void refusesAContextThatIsShorterThanAFrame() {
        MimiConfig.Transformer sizes = config.transformer();
        MimiConfig.Transformer shortSighted = new MimiConfig.Transformer(
                sizes.dim(), sizes.heads(), sizes.layers(), sizes.feedForward(), 1, sizes.maxPeriod());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MimiConfig(
                        config.sampleRate(), config.frameRate(), config.seanet(), shortSighted, config.quantizer()))
                .withMessageContainingAll("transformer.context", "1", "at least " + config.stepsPerFrame());
    }

    @Test
    void closingTheWeightsFreesWhatWasDerivedFromThem() throws IOException {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        MimiFixture.golden(scratch).close();
        Leaks.assertNone(before);
    }
}

package io.github.moshivis.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.Golden;
import io.github.moshivis.Leaks;
import io.github.moshivis.checkpoint.Checkpoint.Size;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.weights.TensorRole;
import io.github.moshivis.weights.TensorUse;
import io.github.moshivis.weights.WeightPlan;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.quant.MatrixForm;
import io.github.moshivis.weights.quant.Packing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What models are made of, without writing any: the language model's part; image encoder and codec are stand-ins here. */
class ModelPlanTest {
    private static Map<String, TensorSpec> lm(ModelConfig config) {
        return RandomCheckpoint.lmTensors(PlannedParts.plan(config)).values().stream()
                .collect(Collectors.toMap(TensorSpec::name, spec -> spec));
    }

    private static double billions(Map<String, TensorSpec> tensors, Predicate<String> names) {
        return tensors.values().stream()
                        .filter(spec -> names.test(spec.name()))
                        .mapToLong(spec -> spec.shape().elements())
                        .sum()
                / 1e9;
    }

    private static boolean sees(String name) {
        return name.contains("cross") || name.contains("proj_xa") || name.contains("norm_xa");
    }

    @Test
    void thePlanOfTheGoldenModelIsTheHeaderOfItsFile(@TempDir Path scratch) throws IOException {
        try (TensorFile file = SafetensorsFile.open(Golden.path("lm/model.safetensors"))) {
            Map<String, TensorSpec> stored = file.tensors().values().stream()
                    .filter(tensor -> !tensor.name().startsWith("image_prefix.enc."))
                    .collect(Collectors.toMap(StoredTensor::name, StoredTensor::spec));
            Map<String, TensorSpec> planned = lm(Golden.config("lm", scratch));
            planned.keySet().removeIf(name -> name.startsWith("image_prefix.enc."));
            assertThat(planned).isEqualTo(stored);
        }
    }

    @Test
    void theFullModelHasTheReleasedNumbersOfParameters() {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        Map<String, TensorSpec> full = lm(Size.FULL.config());
        assertThat(billions(full, n -> n.startsWith("llm.transformer") && !sees(n)))
                .as("main transformer")
                .isCloseTo(6.58, within(0.005));
        assertThat(billions(full, n -> n.equals("llm.text_emb.weight"))).isCloseTo(0.131, within(0.0005));
        assertThat(billions(full, n -> n.equals("llm.text_linear.weight"))).isCloseTo(0.131, within(0.0005));
        assertThat(billions(full, n -> n.startsWith("audio_emb."))).isCloseTo(0.134, within(0.0005));
        assertThat(billions(full, n -> n.startsWith("depformer.layers.")))
                .as("depth transformer")
                .isCloseTo(0.62, within(0.005));
        assertThat(billions(full, ModelPlanTest::sees)).as("vision adapters").isCloseTo(0.206, within(0.0005));
        assertThat(full.get("depformer.layers.5.self_attn.in_proj_weight").shape())
                .containsExactly(8 * 3 * 1024L, 1024L);
        assertThat(full.get("llm.out_norm.alpha").shape()).containsExactly(1L, 1L, 4096L);
        Leaks.assertNone(before);
    }

    @Test
    void theMidModelHas450MillionParametersAndTheReleasedCodebooks() {
        ModelConfig config = Size.MID.config();
        assertThat(billions(lm(config), n -> !n.startsWith("image_prefix."))).isCloseTo(0.45, within(0.01));
        assertThat(config.vision().positions()).isEqualTo(1024);
        assertThat(config.mimi()).isEqualTo(ModelConfig.MOSHIKA_VIS.mimi());
        assertThat(config.lm().imageDim()).hasValue(1024);
    }

    @Test
    void theLoaderStatesTheRoleOfEveryTensor() {
        ModelPlan plan = PlannedParts.plan(Size.FULL.config());
        assertThat(plan.lm().entries())
                .allSatisfy((name, entry) -> assertThat(entry.use().role()).isNotEqualTo(TensorRole.UNSTATED));
        assertThat(plan.lm().entries().get("cross.query").use())
                .isEqualTo(new TensorUse(
                        TensorRole.VISION_ADAPTER, Size.FULL.config().lm().layers()));
        assertThat(plan.lm().entries().get("cross.keyValue").use().passes()).isZero();
    }

    /** As when it runs: 4 bits are for the temporal transformer, embeddings stay in bfloat16. */
    @Test
    void memoryIsCountedInTheFormsInWhichMatricesAreHeld() {
        ModelPlan plan = PlannedParts.plan(Size.FULL.config());
        Map<String, WeightPlan.Entry> entries =
                plan.lm(DType.BF16, MatrixForm.int4(32)).entries();
        assertThat(entries.get("temporal.layers.7.attention.input").bytes())
                .isEqualTo(packed(MatrixForm.int4(32), 3 * 4096, 4096));
        assertThat(entries.get("temporal.layers.7.gate.input").form()).contains(MatrixForm.INT8);
        assertThat(entries.get("depth.3.layers.2.attention.input").bytes())
                .isEqualTo(packed(MatrixForm.INT8, 3 * 1024, 1024));
        assertThat(entries.get("text.head").form()).contains(MatrixForm.INT8);
        assertThat(entries.get("text.embedding").bytes()).isEqualTo(2 * 32001L * 4096);
        assertThat(entries.get("cross.keyValue").form()).contains(MatrixForm.DENSE);

        Description.Memory memory = plan.memory();
        long codec = 4 * plan.codec().elements();
        assertThat(memory.f32() - codec).isEqualTo(4 * plan.lm().elements());
        long norms = plan.lm().entries().entrySet().stream()
                .filter(entry -> entry.getKey().matches("(temporal|depth)\\..*norm"))
                .mapToLong(entry -> entry.getValue().shape().elements())
                .sum();
        assertThat(memory.bf16() - codec)
                .as("norms in float32")
                .isEqualTo(2 * (plan.lm().elements() + norms));
        assertThat(memory.q4() - codec)
                .isEqualTo(entries.values().stream()
                        .mapToLong(WeightPlan.Entry::bytes)
                        .sum());
        assertThat(memory.perConversation()).isEqualTo(2 * 2L * 32 * 3000 * 4096);
    }

    private static long packed(MatrixForm form, long out, long in) {
        return Packing.of(form, Packing.Source.of(out, in, Device.CPU, () -> null))
                .orElseThrow()
                .bytes();
    }

    @Test
    void memoryOfSpeechToTextIsWithoutTheDecoder() {
        ModelPlan plan = PlannedParts.plan(Size.STT_TINY.config());
        long decoder = 4 * plan.codec().tensors().get(PlannedParts.DECODER).elements();
        assertThat(decoder).isPositive();
        assertThat(plan.memory().f32())
                .isEqualTo(4 * plan.lm().elements() + 4 * plan.codec().elements() - decoder);
    }

    @Test
    void everyCodebookOfTheFileIsPlannedAndSaidToBeSetUp() {
        Map<String, TensorSpec> codec = RandomCheckpoint.codecTensors(PlannedParts.plan(Size.FULL.config()));
        assertThat(codec).hasSize(32 * 3 + 1);
        assertThat(codec.get("quantizer.rvq_rest.vq.layers.30._codebook._initialized")
                        .shape())
                .containsExactly(1L);
        assertThat(codec.get("quantizer.rvq_first.vq.layers.0._codebook.embedding_sum")
                        .shape())
                .containsExactly(2048L, 256L);
    }
}

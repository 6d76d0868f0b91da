package io.github.moshivis.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.Leaks;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.TensorNames;
import org.junit.jupiter.api.Test;

class DerivedWeightsTest {
    @Test
    void weightsOwnWhatIsDerivedAndLetGoOfWhatItWasDerivedFrom() {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        TensorFile file = SafetensorsFile.open(Golden.path("lm/expected_sampling.safetensors"));
        long[] shape = file.tensors().get("top1.logits").shape().toArray();
        try (Weights weights = new Weights(file, TensorNames.SAME, Device.CPU);
                Scope scope = Scope.open()) {
            WeightReader reader = weights.as(DType.F32);
            Tensor doubled =
                    reader.derive(() -> reader.tensor("top1.logits", shape).add(reader.tensor("top1.logits", shape)));
            assertThat(NativeMemory.snapshot().keptTensors()).isEqualTo(before.keptTensors() + 1);
            Tensor itself = reader.derive(() -> reader.tensor("top1.logits", shape));
            assertThat(NativeMemory.snapshot().keptTensors()).isEqualTo(before.keptTensors() + 2);
            assertThat(doubled.toFloats()).isEqualTo(itself.mul(2).toFloats());
        }
        Leaks.assertNone(before);
    }
}

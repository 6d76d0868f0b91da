package io.github.moshivis.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationTest {
    @ParameterizedTest
    @ValueSource(ints = {7, 40_001})
    void keepsWhatIsPositiveAndBendsTheRestTowardsMinusOne(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (i - size / 2) * 12f / size;
        }
        try (Scope scope = Scope.open();
                KernelThreads kernelThreads = KernelThreads.start(2)) {
            Tensor x = Tensor.of(values, Device.CPU, 1, size);
            float[] fresh = Activation.ELU.of(x).toFloats();
            for (int i = 0; i < size; i++) {
                double expected = values[i] > 0 ? values[i] : Math.expm1(values[i]);
                assertThat((double) fresh[i]).isCloseTo(expected, within(1e-6));
            }
            assertThat(x.toFloats()).as("left as it was").isEqualTo(values);
            assertThat(Activation.ELU.inPlace(x).toFloats()).isEqualTo(fresh);
            assertThat(x.toFloats()).isEqualTo(fresh);
        }
    }
}

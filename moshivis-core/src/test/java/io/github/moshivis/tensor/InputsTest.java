package io.github.moshivis.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.moshivis.Leaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is planned on the host arrives on the device, and nothing else does. */
class InputsTest {
    private static Inputs inputs(boolean packed) {
        return packed ? Inputs.packed(Device.CPU) : Inputs.direct(Device.CPU);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void arraysOfAllTypesArriveInTheirShapes(boolean packed) {
        try (Scope scope = Scope.open();
                Inputs inputs = inputs(packed)) {
            inputs.begin();
            Input flags = inputs.add(new boolean[] {true, false, true}, 3);
            Input floats = inputs.add(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
            Input longs = inputs.add(new long[] {Long.MAX_VALUE, -1}, 2, 1, 1);
            Input column = inputs.add(new boolean[] {false, true}, 2, 1, 1);
            inputs.upload();
            assertThat(flags.tensor().dtype()).isEqualTo(DType.BOOL);
            assertThat(flags.tensor().toLongs()).containsExactly(1, 0, 1);
            assertThat(floats.tensor().shape()).containsExactly(2, 3);
            assertThat(floats.tensor().toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(longs.tensor().shape()).containsExactly(2, 1, 1);
            assertThat(longs.tensor().toLongs()).containsExactly(Long.MAX_VALUE, -1);
            assertThat(column.tensor().shape()).containsExactly(2, 1, 1);
            assertThat(column.tensor().toLongs()).containsExactly(0, 1);
        }
    }

    private static List<Object> plan(Inputs inputs, float first, int length, Object decision) {
        inputs.begin();
        inputs.add(new float[] {first}, 1);
        inputs.decide(decision);
        inputs.add(new long[length], length);
        inputs.upload();
        return inputs.signature();
    }

    @Test
    void aSignatureTellsShapesAndDecisionsApartAndNotValues() {
        try (Inputs inputs = Inputs.packed(Device.CPU)) {
            List<Object> signature = plan(inputs, 1, 2, "greedy");
            assertThat(plan(inputs, 5, 2, "greedy")).isEqualTo(signature);
            assertThat(plan(inputs, 1, 3, "greedy")).isNotEqualTo(signature);
            assertThat(plan(inputs, 1, 2, "ranked")).isNotEqualTo(signature);
        }
    }

    @Test
    void anInputOfAnEarlierCallReadsWhatThePresentOnePutInItsPlace() {
        try (Scope scope = Scope.open();
                Inputs inputs = Inputs.packed(Device.CPU)) {
            inputs.begin();
            Input earlier = inputs.add(new float[] {1, 2}, 2);
            inputs.upload();
            Tensor before = earlier.tensor();
            assertThat(before.toFloats()).containsExactly(1, 2);
            inputs.begin();
            inputs.add(new float[] {3, 4}, 2);
            inputs.upload();
            assertThat(earlier.tensor()).isSameAs(before);
            assertThat(earlier.tensor().toFloats()).containsExactly(3, 4);
        }
    }

    @Test
    void aLongerPlanKeepsWhatWasAddedAndMovesTheBuffer() {
        try (Scope scope = Scope.open();
                Inputs inputs = Inputs.packed(Device.CPU)) {
            List<Object> before = plan(inputs, 1, 2, "");
            inputs.begin();
            Input first = inputs.add(new float[] {7, 8}, 2);
            Input large = inputs.add(new float[1 << 20], 1 << 20);
            Input last = inputs.add(new long[] {9}, 1);
            inputs.upload();
            assertThat(first.tensor().toFloats()).containsExactly(7, 8);
            assertThat(large.tensor().elements()).isEqualTo(1 << 20);
            assertThat(last.tensor().toLongs()).containsExactly(9);
            assertThat(plan(inputs, 1, 2, "")).isNotEqualTo(before).isEqualTo(plan(inputs, 2, 2, ""));
        }
    }

    @Test
    void aShapeMustHoldItsValues() {
        try (Inputs inputs = Inputs.packed(Device.CPU)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> inputs.add(new float[3], 2, 2))
                    .withMessageContainingAll("[2, 2]", "3 values");
        }
    }

    @Test
    void nothingIsLeft() {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        try (Scope scope = Scope.open();
                Inputs inputs = Inputs.packed(Device.CPU)) {
            inputs.begin();
            Input input = inputs.add(new float[1 << 20], 1 << 20);
            inputs.upload();
            input.tensor();
        }
        Leaks.assertNone(before);
    }

    @Test
    void deviceWorkTouchesNoMemoryOfTheHost() {
        try (Scope scope = Scope.open();
                Inputs inputs = Inputs.packed(Device.CPU)) {
            Tensor tensor = Tensor.zeros(DType.F32, Device.CPU, 2);
            refused(() -> Tensor.of(new float[2], Device.CPU, 2), "an array");
            refused(() -> Tensor.of(new long[2], Device.CPU, 2), "an array");
            refused(() -> Tensor.of(new boolean[2], Device.CPU), "bytes");
            refused(() -> Tensor.of(new byte[2], DType.U8, 2), "bytes");
            refused(() -> Tensor.filled(DType.U8, memory -> {}, 2), "memory");
            refused(tensor::toFloats, "a read-back");
            refused(tensor::toLongs, "a read-back");
            refused(inputs::upload, "an upload");
            assertThat(DeviceWork.run(() -> tensor.add(1)).toFloats()).containsExactly(1, 1);
        }
    }

    private static void refused(Runnable access, String found) {
        assertThatIllegalStateException()
                .isThrownBy(() -> DeviceWork.run(() -> {
                    access.run();
                    return null;
                }))
                .withMessageContainingAll("neither take from the host", found, "Inputs");
    }

    @Test
    void deviceWorkIsNotNestedAndEndsWithAFailure() {
        assertThatIllegalStateException()
                .isThrownBy(() -> DeviceWork.run(() -> DeviceWork.run(() -> null)))
                .withMessageContaining("one after another");
        assertThat(DeviceWork.<String>run(() -> "again")).isEqualTo("again");
    }
}

package io.github.moshivis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.moshivis.Leaks;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Rings, tails and masks, written out by hand. */
class SlotStateTest {
    private static final float X = Float.NaN;

    private static Tensor steps(int rows, float... values) {
        return Tensor.of(values, Device.CPU, rows, 1, values.length / rows, 1); // [B, 1 head, N, 1]
    }

    private static float[] masked(AttentionState state, Rows rows, int newSteps, float... values) {
        RingWindow window = state.plan(rows, newSteps).window();
        state.ring(0).write(window, steps(rows.count(), values), steps(rows.count(), values));
        state.advance(rows, newSteps);
        return state.ring(0).keys(window).toFloats();
    }

    @Test
    void aRingKeepsTheLastStepsInPlace() {
        try (AttentionState state = new AttentionState(1, 1, 1, 3, 1, DType.F32, Device.CPU);
                Scope scope = Scope.open()) {
            Rows rows = Rows.all(Device.CPU, 1);
            assertThat(masked(state, rows, 1, 10)).containsExactly(10);
            assertThat(masked(state, rows, 1, 11)).containsExactly(10, 11);
            assertThat(masked(state, rows, 1, 12)).containsExactly(10, 11, 12);
            assertThat(masked(state, rows, 1, 13)).containsExactly(13, 11, 12);
            assertThat(masked(state, rows, 1, 14)).containsExactly(13, 14, 12);
            assertThat(state.plan(rows, 1).window().mask()).isNull();
        }
    }

    @Test
    void rowsOfDifferentAgeSeeTheirOwnSteps() {
        try (AttentionState state = new AttentionState(3, 1, 1, 3, 1, DType.F32, Device.CPU);
                Scope scope = Scope.open()) {
            masked(state, Rows.of(Device.CPU, true, false, false), 1, 10, X, X);
            masked(state, Rows.of(Device.CPU, true, false, true), 1, 11, X, 30);
            Rows all = Rows.all(Device.CPU, 3);
            assertThat(state.positions(all)).containsExactly(2, 0, 1);
            RingWindow window = state.plan(all, 1).window();
            assertThat(window.length()).isEqualTo(3);
            assertThat(window.mask().toLongs()).containsExactly(1, 1, 1, /**/ 1, 0, 0, /**/ 1, 1, 0);
        }
    }

    @Test
    void aMaskedRowIsLeftBitForBit() {
        try (AttentionState state = new AttentionState(2, 1, 1, 2, 1, DType.F32, Device.CPU);
                SlotTensor tail = new SlotTensor(0, DType.F32, Device.CPU, 2, 2);
                Scope scope = Scope.open()) {
            Rows both = Rows.all(Device.CPU, 2);
            masked(state, both, 1, 10, 20);
            tail.set(both, Tensor.of(new float[] {1, 2, 3, 4}, Device.CPU, 2, 2));
            Rows first = Rows.of(Device.CPU, true, false);
            assertThat(masked(state, first, 1, 11, X)).containsExactly(10, 11, 20, 0);
            tail.set(first, Tensor.of(new float[] {5, 6, X, X}, Device.CPU, 2, 2));
            assertThat(tail.get(both).toFloats()).containsExactly(5, 6, 3, 4);
            assertThat(state.positions(both)).containsExactly(2, 1);
            tail.reset(0);
            assertThat(tail.get(both).toFloats()).containsExactly(0, 0, 3, 4);
        }
    }

    @Test
    void twoNewStepsSeeWhatWasWrittenBeforeThemAndTheRingHasLeft() {
        try (AttentionState state = new AttentionState(1, 1, 1, 4, 1, DType.F32, Device.CPU);
                Scope scope = Scope.open()) {
            Rows rows = Rows.all(Device.CPU, 1);
            assertThat(state.plan(rows, 2).window().mask().toLongs()).containsExactly(1, 0, /**/ 1, 1);
            masked(state, rows, 2, 10, 11);
            assertThat(state.plan(rows, 2).window().mask().toLongs()).containsExactly(1, 1, 1, 0, /**/ 1, 1, 1, 1);
            masked(state, rows, 2, 12, 13);
            // Steps 4 and 5 stand where 0 and 1 stood: step 4 sees 2, 3 and itself, one key less than alone.
            assertThat(state.plan(rows, 2).window().mask().toLongs()).containsExactly(1, 0, 1, 1, /**/ 1, 1, 1, 1);
        }
    }

    @Test
    void aCallNeedsARow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rows.of(Device.CPU))
                .withMessageContaining("at least one");
    }

    @Test
    void stateIsFreed() {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        new AttentionState(2, 3, 1, 2, 1, DType.F32, Device.CPU).close();
        new SlotTensor(0, DType.F32, Device.CPU, 2, 2).close();
        Leaks.assertNone(before);
    }
}

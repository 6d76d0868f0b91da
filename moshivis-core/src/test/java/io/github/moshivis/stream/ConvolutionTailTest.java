package io.github.moshivis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Leaks;
import io.github.moshivis.stream.ConvolutionTail.Start;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ConvolutionTailTest {
    private static final float NAN = Float.NaN;

    /** Puts one new step of each row behind two old ones; what comes out row by row. */
    private static float[] join(ConvolutionTail tail, Rows rows, float... steps) {
        return tail.join(Tensor.of(steps, Device.CPU, rows.count(), 1, 1), rows).toFloats();
    }

    @Test
    void aSlotStartsWithSilenceOrWithCopiesOfItsOwnFirstStep() {
        Rows both = Rows.all(Device.CPU, 2);
        try (ConvolutionTail zeros = new ConvolutionTail(2, 2, 1, Start.ZEROS, Device.CPU);
                ConvolutionTail copies = new ConvolutionTail(2, 2, 1, Start.FIRST_STEP, Device.CPU);
                Scope scope = Scope.open()) {
            assertThat(join(zeros, both, 5, 7)).containsExactly(0, 0, 5, 0, 0, 7);
            assertThat(join(copies, both, 5, 7)).containsExactly(5, 5, 5, 7, 7, 7);
            assertThat(join(zeros, both, 6, 8)).containsExactly(0, 5, 6, 0, 7, 8);
            assertThat(join(copies, both, 6, 8)).containsExactly(5, 5, 6, 7, 7, 8);
        }
    }

    @Test
    void aRowAtRestKeepsItsPastAndItsFreshness() {
        Rows both = Rows.all(Device.CPU, 2);
        try (ConvolutionTail tail = new ConvolutionTail(2, 2, 1, Start.FIRST_STEP, Device.CPU);
                Scope scope = Scope.open()) {
            Rows first = Rows.of(Device.CPU, true, false);
            join(tail, first, 1, NAN);
            assertThat(join(tail, both, 2, 3)).containsExactly(1, 1, 2, 3, 3, 3);
            join(tail, first, 4, NAN);
            assertThat(join(tail, both, 5, 6)).containsExactly(2, 4, 5, 3, 3, 6);
        }
    }

    @Test
    void aResetSlotIsFreshAndTheOthersAreNot() {
        Rows both = Rows.all(Device.CPU, 2);
        try (ConvolutionTail tail = new ConvolutionTail(2, 2, 1, Start.FIRST_STEP, Device.CPU);
                Scope scope = Scope.open()) {
            join(tail, both, 1, 2);
            tail.reset(1);
            assertThat(join(tail, both, 3, 4)).containsExactly(1, 1, 3, 4, 4, 4);
        }
    }

    @Test
    void closingFreesIt() {
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        new ConvolutionTail(3, 2, 4, Start.FIRST_STEP, Device.CPU).close();
        Leaks.assertNone(before);
    }
}

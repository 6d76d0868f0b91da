package io.github.moshivis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which steps are seen, told by writing each step's own number as its key. */
class RingWindowTest {
    private static final int STEPS = 24;
    private static final int WIDTH = 2;

    @ParameterizedTest
    @CsvSource({"5,1,1", "5,2,1", "5,2,2", "4,3,3", "1,1,1", "3,6,6", "6,2,6"})
    void aStepSeesItsContextLessWhatTheStepsAfterItOverwrote(int context, int stepsPerCall, int spare) {
        check(context, stepsPerCall, spare, 1); // an odd width has no kernel: a mask
        check(context, stepsPerCall, spare, WIDTH);
    }

    private static void check(int context, int stepsPerCall, int spare, int width) {
        Rows rows = Rows.all(Device.CPU, 1);
        int capacity = context + spare - 1;
        try (AttentionState state = new AttentionState(1, 1, 1, context, spare, width, DType.F32, Device.CPU);
                Scope scope = Scope.open()) {
            for (int at = 0; at < STEPS; at += stepsPerCall) {
                RingWindow window = state.plan(rows, stepsPerCall).window();
                float[] numbers = new float[stepsPerCall];
                for (int i = 0; i < stepsPerCall; i++) {
                    numbers[i] = at + i;
                }
                Tensor step =
                        Tensor.of(numbers, Device.CPU, 1, 1, stepsPerCall, 1).expand(1, 1, stepsPerCall, width);
                state.ring(0).write(window, step, step);
                float[] keys = state.ring(0).keys(window).select(3, 0).toFloats();
                for (int i = 0; i < stepsPerCall; i++) {
                    int query = at + i;
                    int newest = at + stepsPerCall - 1;
                    boolean[] seen = new boolean[STEPS];
                    for (int k = 0; k < keys.length; k++) {
                        if (isSeen(window, i, k, capacity)) {
                            seen[(int) keys[k]] = true;
                        }
                    }
                    for (int step2 = 0; step2 < STEPS; step2++) {
                        boolean expected = step2 <= query && step2 > query - context && step2 > newest - capacity;
                        assertThat(seen[step2])
                                .as("step %d seen by step %d", step2, query)
                                .isEqualTo(expected);
                    }
                }
                state.advance(rows, stepsPerCall);
            }
        }
    }

    private static boolean isSeen(RingWindow window, int query, int key, int capacity) {
        if (window.seen() != null) {
            long start = window.seen().starts().toLongs()[query];
            return Math.floorMod(key - start, capacity)
                    < window.seen().lengths().toLongs()[query];
        }
        if (window.mask() == null) {
            return true;
        }
        Tensor mask = window.mask(); // [1, 1, N or 1, T]
        return mask.select(2, Math.min(query, mask.size(2) - 1)).toLongs()[key] != 0;
    }
}

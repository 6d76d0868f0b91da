package io.github.moshivis.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.kernel.AttentionKernel.Held;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention of every instruction set against the definition, computed in double over the keys that are held. */
class AttentionKernelTest extends KernelTest {
    private static final int ROWS = 2;
    private static final int HEADS = 3;

    /** Float32's rounding and that of the exponential; values are about one. */
    private static final double ERROR = 5e-6;

    static Stream<Arguments> cases() {
        int[][] sizes = {{2, 1}, {8, 5}, {16, 63}, {24, 64}, {64, 65}, {128, 300}, {160, 130}};
        return Kernels.supported().stream().flatMap(set -> Stream.of(Held.values())
                .flatMap(held -> Stream.of(sizes).map(size -> Arguments.of(set, held, size[0], size[1]))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void itIsTheDefinition(InstructionSet set, Held held, int dim, int length) {
        Talk talk = new Talk(held, dim, length + 3);
        for (int position = 0; position < length; position++) {
            talk.step(set, position, new long[] {position + 1, Math.max(1, position / 2)});
        }
        for (int row = 0; row < ROWS; row++) {
            int seen = row == 0 ? length : Math.max(1, (length - 1) / 2);
            for (int head = 0; head < HEADS; head++) {
                double[] exact = talk.exact(row, head, seen);
                for (int i = 0; i < dim; i++) {
                    assertThat((double) talk.result(row, head, i))
                            .as("row %s, head %s, element %s", row, head, i)
                            .isCloseTo(exact[i], within(ERROR));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void instructionSetsGiveTheSameNumbersUpToRounding(InstructionSet set, Held held, int dim, int length) {
        Talk talk = new Talk(held, dim, length);
        for (int position = 0; position < length; position++) {
            talk.step(InstructionSet.PLAIN, position, new long[] {position + 1, position + 1});
        }
        float[] plain = talk.results();
        talk.read(set, new long[] {length, length});
        assertThat(talk.results()).containsExactly(plain, within((float) ERROR));
    }

    /** A row is the same whatever its neighbor's numbers and length are. */
    @Test
    void aRowDoesNotDependOnItsNeighbor() {
        for (Held held : Held.values()) {
            Talk talk = new Talk(held, 64, 200);
            for (int position = 0; position < 150; position++) {
                talk.step(Kernels.instructionSet(), position, new long[] {position + 1, 1});
            }
            float[] first = Arrays.copyOf(talk.results(), HEADS * 64);
            talk.read(Kernels.instructionSet(), new long[] {150, 150});
            assertThat(Arrays.copyOf(talk.results(), HEADS * 64)).containsExactly(first);
        }
    }

    /** Steps of one call around the end of a ring give what each of them gives alone, once all are remembered. */
    @ParameterizedTest
    @MethodSource("cases")
    void stepsOfOneCallAreRememberedBeforeAnyAttends(InstructionSet set, Held held, int dim, int length) {
        int ring = length + 1;
        Talk talk = new Talk(held, dim, ring + 1);
        for (int position = 0; position < ring; position++) {
            talk.step(set, position, new long[] {position + 1, position + 1});
        }
        float[] projected = numbers(2 * 3 * HEADS * dim);
        long[] positions = {ring - 1, 0};
        long[] starts = {1, 1 % ring};
        long[] lengths = {Math.max(1, ring - 1), ring};
        talk.ring = ring;
        float[] together = talk.steps(set, projected, positions, starts, lengths);
        for (int step = 0; step < 2; step++) {
            float[] alone = talk.steps(
                    set,
                    Arrays.copyOfRange(projected, step * 3 * HEADS * dim, (step + 1) * 3 * HEADS * dim),
                    new long[] {positions[step]},
                    new long[] {starts[step]},
                    new long[] {lengths[step]});
            assertThat(alone)
                    .containsExactly(Arrays.copyOfRange(together, step * HEADS * dim, (step + 1) * HEADS * dim));
        }
        double[] last = new double[HEADS * dim];
        for (int head = 0; head < HEADS; head++) {
            double[] exact = talk.exact(Arrays.copyOfRange(projected, 3 * HEADS * dim, projected.length), head, ring);
            System.arraycopy(exact, 0, last, head * dim, dim);
        }
        for (int i = 0; i < last.length; i++) {
            assertThat((double) together[HEADS * dim + i]).as("element %s", i).isCloseTo(last[i], within(ERROR));
        }
    }

    @Test
    void aKeyThatIsNotANumberIsSeenInItsHeadOnly() {
        for (Held held : Held.values()) {
            Talk talk = new Talk(held, 32, 100);
            for (int position = 0; position < 70; position++) {
                talk.broken = position == 66;
                talk.step(Kernels.instructionSet(), position, new long[] {position + 1, position + 1});
            }
            for (int i = 0; i < 32; i++) {
                assertThat(talk.result(0, 1, i)).isNaN();
                assertThat(talk.result(0, 0, i)).isNotNaN();
                assertThat(talk.result(1, 1, i)).isNotNaN();
            }
        }
    }

    /** Steps of some rows, over a cache in memory. */
    private final class Talk {
        private final Held held;
        private final int dim;
        private final int capacity;
        private final TestMemory.Block keys;
        private final TestMemory.Block values;
        private final TestMemory.Block keyScales;
        private final TestMemory.Block valueScales;
        private final TestMemory.Block y;
        private float[] projected = new float[0];
        private float[] rotations = new float[0];
        private boolean broken;
        private int ring;

        Talk(Held held, int dim, int capacity) {
            this.held = held;
            this.dim = dim;
            this.capacity = capacity;
            this.ring = capacity;
            long positions = (long) ROWS * HEADS * capacity;
            keys = memory.take(positions * dim * bytes(), 0);
            values = memory.take(positions * dim * bytes(), 0);
            keyScales = memory.take(positions * Float.BYTES, 0);
            valueScales = memory.take(positions * Float.BYTES, 0);
            y = memory.take((long) ROWS * HEADS * dim * Float.BYTES, 4);
        }

        private int bytes() {
            return held == Held.F32 ? Float.BYTES : held == Held.BF16 ? Short.BYTES : 1;
        }

        void step(InstructionSet set, int position, long[] lengths) {
            projected = numbers(ROWS * 3 * HEADS * dim);
            if (broken) {
                projected[HEADS * dim + dim] = Float.NaN; // row 0, key of head 1
            }
            rotations = new float[ROWS * dim];
            for (int i = 0; i < rotations.length; i += 2) {
                double angle = random.nextDouble() * 6;
                rotations[i] = (float) Math.cos(angle);
                rotations[i + 1] = (float) Math.sin(angle);
            }
            attend(set, true, new long[] {position, position}, lengths);
        }

        void read(InstructionSet set, long[] lengths) {
            attend(set, false, new long[ROWS], lengths);
        }

        private void attend(InstructionSet set, boolean remember, long[] positions, long[] lengths) {
            try (TestMemory arguments = new TestMemory()) {
                TestMemory.Block input = arguments.floats(projected, 4);
                long width = (long) HEADS * dim * Float.BYTES;
                AttentionKernel.Step step = new AttentionKernel.Step(
                        1,
                        input.address(),
                        remember ? input.address() + width : 0,
                        remember ? input.address() + 2 * width : 0,
                        MatrixKernels.Numbers.F32,
                        3L * HEADS * dim,
                        arguments.floats(rotations, 4).address(),
                        longs(arguments, positions),
                        0,
                        longs(arguments, lengths));
                int half = ROWS * HEADS / 2;
                AttentionKernel.attend(set, step, cache(), y.address(), half, ROWS * HEADS);
                AttentionKernel.attend(set, step, cache(), y.address(), 0, half);
            }
        }

        /** New steps of row 0, not rotated, in one call. */
        float[] steps(InstructionSet set, float[] projected, long[] positions, long[] starts, long[] lengths) {
            try (TestMemory arguments = new TestMemory()) {
                TestMemory.Block input = arguments.floats(projected, 4);
                TestMemory.Block result = arguments.take((long) positions.length * HEADS * dim * Float.BYTES, 4);
                long width = (long) HEADS * dim * Float.BYTES;
                AttentionKernel.Step step = new AttentionKernel.Step(
                        positions.length,
                        input.address(),
                        input.address() + width,
                        input.address() + 2 * width,
                        MatrixKernels.Numbers.F32,
                        3L * HEADS * dim,
                        0,
                        longs(arguments, positions),
                        longs(arguments, starts),
                        longs(arguments, lengths));
                AttentionKernel.attend(set, step, cache(), result.address(), 0, HEADS);
                float[] y = new float[positions.length * HEADS * dim];
                for (int i = 0; i < y.length; i++) {
                    y[i] = result.floatAt(i);
                }
                return y;
            }
        }

        private AttentionKernel.Cache cache() {
            boolean scaled = held == Held.INT8;
            return new AttentionKernel.Cache(
                    keys.address(),
                    values.address(),
                    scaled ? keyScales.address() : 0,
                    scaled ? valueScales.address() : 0,
                    held,
                    capacity,
                    ring,
                    HEADS,
                    dim);
        }

        private static long longs(TestMemory arguments, long[] values) {
            TestMemory.Block block = arguments.take((long) values.length * Long.BYTES, 8);
            block.buffer().asLongBuffer().put(values);
            return block.address();
        }

        private double held(TestMemory.Block block, TestMemory.Block scales, int row, int head, int position, int i) {
            int place = (row * HEADS + head) * capacity + position;
            int at = place * dim + i;
            return switch (held) {
                case F32 -> block.floatAt(at);
                case BF16 -> Float.intBitsToFloat(block.buffer().getShort(at * Short.BYTES) << 16);
                case INT8 -> (double) block.buffer().get(at) * scales.floatAt(place);
            };
        }

        double[] exact(int row, int head, int length) {
            double[] query = new double[dim];
            int from = (row * 3 * HEADS + head) * dim;
            for (int i = 0; i < dim; i += 2) {
                double cos = rotations[row * dim + i];
                double sin = rotations[row * dim + i + 1];
                query[i] = projected[from + i] * cos - projected[from + i + 1] * sin;
                query[i + 1] = projected[from + i] * sin + projected[from + i + 1] * cos;
            }
            return exact(query, row, head, length);
        }

        /** Row 0 of a query that is not rotated. */
        double[] exact(float[] step, int head, int length) {
            double[] query = new double[dim];
            for (int i = 0; i < dim; i++) {
                query[i] = step[head * dim + i];
            }
            return exact(query, 0, head, length);
        }

        private double[] exact(double[] query, int row, int head, int length) {
            double[] weights = new double[length];
            double most = Double.NEGATIVE_INFINITY;
            for (int t = 0; t < length; t++) {
                for (int i = 0; i < dim; i++) {
                    weights[t] += query[i] * held(keys, keyScales, row, head, t, i) / Math.sqrt(dim);
                }
                most = Math.max(most, weights[t]);
            }
            double sum = 0;
            for (int t = 0; t < length; t++) {
                weights[t] = Math.exp(weights[t] - most);
                sum += weights[t];
            }
            double[] result = new double[dim];
            for (int t = 0; t < length; t++) {
                for (int i = 0; i < dim; i++) {
                    result[i] += weights[t] / sum * held(values, valueScales, row, head, t, i);
                }
            }
            return result;
        }

        float result(int row, int head, int i) {
            return y.floatAt((row * HEADS + head) * dim + i);
        }

        float[] results() {
            return y.read(MatrixKernels.Numbers.F32, ROWS * HEADS * dim);
        }
    }
}

package io.github.moshivis.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.kernel.MatrixKernels.Numbers;
import io.github.moshivis.kernel.MatrixKernels.Rows;
import io.github.moshivis.kernel.RowKernel.Norm;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Norms and gates of every instruction set against the same in double. */
class RowKernelTest extends KernelTest {
    /** Float32's rounding in sums of a few thousand numbers, relative to the result. */
    private static final double ERROR = 2e-6;

    private static final double EPSILON = 1e-5;
    private static final int GAP = 3;

    static Stream<Arguments> cases() {
        return Kernels.supported().stream().flatMap(set -> Stream.of(Numbers.F32, Numbers.BF16)
                .flatMap(type -> Stream.of(2, 15, 16, 33, 256, 1000, 1029).map(dim -> Arguments.of(set, type, dim))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void normsAreExactUpToFloat32(InstructionSet set, Numbers type, int dim) {
        float[] x = numbers(5 * (dim + GAP), 2);
        float[] weight = numbers(dim, 1);
        float[] bias = numbers(dim, 0);
        for (Norm norm : Norm.values()) {
            float[] y = normalize(set, norm, type, x, 5, dim, weight, norm == Norm.LAYER ? bias : null);
            for (int row = 0; row < 5; row++) {
                double[] exact = exact(norm, x, row * (dim + GAP), dim, weight, bias);
                for (int i = 0; i < dim; i++) {
                    double bound = (type == Numbers.F32 ? ERROR : 1.0 / 256) * (Math.abs(exact[i]) + 1);
                    assertThat((double) y[row * dim + i])
                            .as("%s of row %s, number %s", norm, row, i)
                            .isCloseTo(exact[i], within(bound));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gatesAreExactUpToFloat32(InstructionSet set, Numbers type, int hidden) {
        float[] x = numbers(3 * 2 * hidden, 0);
        for (int i = 0; i < x.length; i++) {
            x[i] *= i % 3 == 0 ? 8 : 1; // bfloat16 has them too
        }
        x[0] = -1024;
        float[] y = gate(set, type, x, 3, hidden);
        for (int row = 0; row < 3; row++) {
            for (int i = 0; i < hidden; i++) {
                double a = x[2 * row * hidden + i];
                double exact = a / (1 + Math.exp(-a)) * x[(2 * row + 1) * hidden + i];
                double bound = (type == Numbers.F32 ? ERROR : 1.0 / 256) * Math.abs(exact) + 1e-30;
                assertThat((double) y[row * hidden + i])
                        .as("row %s, number %s", row, i)
                        .isCloseTo(exact, within(bound));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRowIsTheSameAloneAndAmongOthers(InstructionSet set, Numbers type, int dim) {
        float[] x = numbers(4 * (dim + GAP), 1);
        float[] weight = numbers(dim, 1);
        float[] together = normalize(set, Norm.VARIANCE, type, x, 4, dim, weight, null);
        float[] last = Arrays.copyOfRange(x, 3 * (dim + GAP), 4 * (dim + GAP));
        assertThat(normalize(set, Norm.VARIANCE, type, last, 1, dim, weight, null))
                .containsExactly(Arrays.copyOfRange(together, 3 * dim, 4 * dim));
    }

    /** Plain C++ squares and adds with two roundings. */
    @ParameterizedTest
    @MethodSource("cases")
    void instructionSetsGiveTheSameNumbers(InstructionSet set, Numbers type, int dim) {
        float[] x = numbers(2 * (dim + GAP), 1);
        float[] weight = numbers(dim, 1);
        for (Norm norm : Norm.values()) {
            float[] best = normalize(Kernels.instructionSet(), norm, type, x, 2, dim, weight, null);
            float[] found = normalize(set, norm, type, x, 2, dim, weight, null);
            if (set == InstructionSet.PLAIN) {
                for (int i = 0; i < found.length; i++) {
                    double bound = (type == Numbers.F32 ? ERROR : 1.0 / 128) * (Math.abs(best[i]) + 1);
                    assertThat((double) found[i]).isCloseTo(best[i], within(bound));
                }
            } else {
                assertThat(found).containsExactly(best);
            }
        }
        float[] both = numbers(2 * dim, 0);
        assertThat(gate(set, type, both, 1, dim)).containsExactly(gate(Kernels.instructionSet(), type, both, 1, dim));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gatesOpenInUsedRowsOnly(InstructionSet set, Numbers type, int dim) {
        float[] gates = numbers(3 * dim, 1);
        float[] x = numbers(3 * dim, 0);
        float[] y = numbers(3 * dim, 0);
        TestMemory.Block result = block(type, y);
        TestMemory.Block means = memory.take(3L * bytes(type), 4);
        TestMemory.Block used = memory.take(3, 1);
        used.buffer().put(new byte[] {1, 0, 1});
        RowKernel.GatedSum sum = new RowKernel.GatedSum(
                block(type, gates).address(), -2, block(type, x).address(), used.address(), type, 3, dim);
        RowKernel.addGated(set, sum, result.address(), means.address());
        float[] found = result.read(type, 3 * dim);
        double rounding = type == Numbers.F32 ? ERROR : 1.0 / 256;
        for (int row = 0; row < 3; row++) {
            double mean = 0;
            for (int i = row * dim; i < (row + 1) * dim; i++) {
                double open = row == 1 ? 0 : 1 / (1 + Math.exp(2 - gates[i]));
                mean += open / dim;
                double exact = y[i] + x[i] * open;
                assertThat((double) found[i])
                        .as("row %s, number %s", row, i)
                        .isCloseTo(exact, within(rounding * (Math.abs(exact) + 1)));
            }
            assertThat((double) means.read(type, 3)[row]).isCloseTo(mean, within(rounding));
        }
    }

    @Test
    void rowsOfATableAreCopiedAndForeignIdsRefused() {
        TestMemory.Block table = memory.floats(new float[] {1, 2, 3, 4, 5, 6}, 4);
        TestMemory.Block ids = memory.take(3L * Long.BYTES, 8);
        ids.buffer().putLong(2).putLong(-1).putLong(0);
        TestMemory.Block y = memory.take(6L * Float.BYTES, 4);
        RowKernel.lookUp(table.address(), 8, 3, ids.address(), 3, y.address());
        assertThat(y.read(Numbers.F32, 6)).containsExactly(5, 6, 0, 0, 1, 2);
        assertThatThrownBy(() -> RowKernel.lookUp(table.address(), 8, 2, ids.address(), 3, y.address()))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("place 0")
                .hasMessageContaining("0 to 1");
    }

    @Test
    void theFirstOfTheLargestScoresIsChosenAndItsVectorSubtracted() {
        TestMemory.Block scores = memory.floats(new float[] {1, 7, 7, 2, 3, Float.NaN}, 4);
        TestMemory.Block table = memory.floats(new float[] {1, 2, 3, 4, 5, 6}, 4);
        TestMemory.Block rest = memory.floats(new float[] {10, 10, 20, 20}, 4);
        TestMemory.Block ids = memory.take(2L * Long.BYTES, 8);
        RowKernel.subtractNearest(
                new RowKernel.Scores(scores.address(), 2, 3, table.address(), 2), rest.address(), ids.address(), 1);
        assertThat(ids.buffer().getLong(0)).isEqualTo(1);
        assertThat(ids.buffer().getLong(8)).isEqualTo(2);
        assertThat(rest.read(Numbers.F32, 4)).containsExactly(7, 6, 15, 14);
    }

    @Test
    void stepsAreUpsampledFromThemselvesAndTheOnesBefore() {
        TestMemory.Block x = memory.floats(new float[] {1, 2, 10, 20, 100, 200}, 4);
        TestMemory.Block present = memory.floats(new float[] {1, 1, 2, 3}, 4);
        TestMemory.Block before = memory.floats(new float[] {0, 1, 1, 0}, 4);
        TestMemory.Block y = memory.take(8L * Float.BYTES, 4);
        RowKernel.upsample(
                new RowKernel.Upsampling(present.address(), before.address(), 2, 2), x.address(), 2, y.address());
        assertThat(y.read(Numbers.F32, 8)).containsExactly(10, 22, 21, 60, 100, 220, 210, 600);
    }

    @Test
    void rowsOfOneNumberOrOfZerosAndNumbersThatAreNotFinite() {
        InstructionSet set = Kernels.instructionSet();
        float[] one = {1};
        assertThat(normalize(set, Norm.MEAN_OF_SQUARES, Numbers.F32, new float[] {2, 0, 0, 0}, 1, 1, one, null)[0])
                .isCloseTo(1, within(1e-5f));
        float[] ones = new float[20];
        Arrays.fill(ones, 1);
        float[] x = new float[2 * (20 + GAP)];
        x[20 + GAP + 5] = Float.NaN;
        float[] y = normalize(set, Norm.LAYER, Numbers.F32, x, 2, 20, ones, null);
        assertThat(Arrays.copyOfRange(y, 0, 20)).containsOnly(0f);
        assertThat(Arrays.copyOfRange(y, 20, 40)).containsOnly(Float.NaN);
        assertThat(gate(set, Numbers.F32, new float[] {Float.NaN, 1, 1, 1}, 1, 2)[0])
                .isNaN();
        assertThat(gate(set, Numbers.F32, new float[] {1, Float.POSITIVE_INFINITY, 1, 1}, 1, 2)[1])
                .isEqualTo(Float.POSITIVE_INFINITY);
    }

    private float[] normalize(
            InstructionSet set, Norm norm, Numbers type, float[] x, int rows, int dim, float[] weight, float[] bias) {
        TestMemory.Block result = memory.take((long) rows * dim * bytes(type), 4);
        RowKernel.Weights weights = new RowKernel.Weights(
                norm,
                EPSILON,
                block(type, weight).address(),
                bias == null ? 0 : block(type, bias).address(),
                type,
                dim);
        RowKernel.normalize(set, weights, new Rows(block(type, x).address(), type, rows, dim + GAP), result.address());
        return result.read(type, rows * dim);
    }

    private float[] gate(InstructionSet set, Numbers type, float[] x, int rows, int hidden) {
        TestMemory.Block result = memory.take((long) rows * hidden * bytes(type), 8);
        RowKernel.gate(set, new Rows(block(type, x).address(), type, rows, 2L * hidden), hidden, result.address());
        return result.read(type, rows * hidden);
    }

    private TestMemory.Block block(Numbers type, float[] values) {
        return type == Numbers.F32 ? memory.floats(values, 4) : memory.bf16(values, 2);
    }

    private static int bytes(Numbers type) {
        return type == Numbers.F32 ? Float.BYTES : Short.BYTES;
    }

    private static double[] exact(Norm norm, float[] x, int from, int dim, float[] weight, float[] bias) {
        double mean = 0;
        for (int i = 0; i < dim; i++) {
            mean += norm == Norm.MEAN_OF_SQUARES ? 0 : (double) x[from + i] / dim;
        }
        double squares = 0;
        for (int i = 0; i < dim; i++) {
            squares += (x[from + i] - mean) * (x[from + i] - mean);
        }
        double scale = 1 / Math.sqrt(squares / (norm == Norm.VARIANCE ? dim - 1 : dim) + EPSILON);
        double[] y = new double[dim];
        for (int i = 0; i < dim; i++) {
            y[i] = norm == Norm.LAYER
                    ? (x[from + i] - mean) * scale * weight[i] + bias[i]
                    : x[from + i] * scale * weight[i];
        }
        return y;
    }

    /** Numbers that bfloat16 has too. */
    private float[] numbers(int count, double mean) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            float value = (float) (random.nextGaussian() + mean);
            values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xFFFF0000);
        }
        return values;
    }
}

package io.github.moshivis.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.kernel.PanelKernel.Activation;
import io.github.moshivis.kernel.PanelKernel.Held;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Products of panels of every instruction set against exact sums of the weights that are held. */
class PanelKernelTest extends KernelTest {
    /** Float32's rounding in sums of a few thousand products, relative to the sum of their magnitudes. */
    private static final double SUM_ERROR = 2e-6;

    static Stream<Arguments> cases() {
        int[][] sizes = {{16, 32}, {1, 1}, {15, 33}, {17, 7}, {40, 512}, {50, 1000}, {129, 40}};
        return Kernels.supported().stream().flatMap(set -> Stream.of(Held.values())
                .flatMap(held -> Stream.of(sizes).map(size -> Arguments.of(set, held, size[0], size[1]))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void productsAreExactUpToFloat32(InstructionSet set, Held held, int out, int in) {
        Layer layer = new Layer(held, numbers(out * in), out, in);
        for (int rows : new int[] {1, 2, 3, 5, 12, 29}) {
            float[] x = numbers(rows * in);
            float[] y = layer.multiply(set, x, rows, rows, in, Activation.NONE);
            for (int n = 0; n < rows; n++) {
                double[] row = doubles(x, n * in, in);
                for (int o = 0; o < out; o++) {
                    double bound = SUM_ERROR * (Reference.size(layer.weights[o], row) + 4);
                    assertThat((double) y[n * out + o])
                            .as("row %s of %s, result %s", n, rows, o)
                            .isCloseTo(layer.exact(o, row, n), within(bound));
                }
            }
        }
    }

    /** Two batches of windows of three steps, every two steps. */
    @ParameterizedTest
    @MethodSource("cases")
    void rowsMayOverlapAndComeInBatches(InstructionSet set, Held held, int out, int in) {
        int stride = Math.max(1, in / 3);
        int batch = 6 * stride + in + 5;
        Layer layer = new Layer(held, numbers(out * in), out, in);
        float[] x = numbers(2 * batch);
        float[] windows = new float[14 * in];
        for (int n = 0; n < 14; n++) {
            System.arraycopy(x, n / 7 * batch + n % 7 * stride, windows, n * in, in);
        }
        assertThat(layer.multiply(set, x, 14, 7, batch, stride, Activation.ELU))
                .containsExactly(layer.multiply(set, windows, 14, 14, 0, in, Activation.ELU));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRowIsTheSameAloneAndAmongOthers(InstructionSet set, Held held, int out, int in) {
        Layer layer = new Layer(held, numbers(out * in), out, in);
        layer.residual = null;
        float[] x = numbers(23 * in);
        float[] together = layer.multiply(set, x, 23, 23, in, Activation.GELU);
        for (int n : new int[] {0, 11, 13, 22}) {
            float[] alone = layer.multiply(set, Arrays.copyOfRange(x, n * in, (n + 1) * in), 1, 1, in, Activation.GELU);
            assertThat(alone).containsExactly(Arrays.copyOfRange(together, n * out, (n + 1) * out));
        }
    }

    /** Plain C++ multiplies and adds with two roundings, and others approximate exponentials with or without. */
    @ParameterizedTest
    @MethodSource("cases")
    void instructionSetsGiveTheSameNumbers(InstructionSet set, Held held, int out, int in) {
        Layer layer = new Layer(held, numbers(out * in), out, in);
        float[] x = numbers(13 * in);
        float[] best = layer.multiply(Kernels.instructionSet(), x, 13, 13, in, Activation.NONE);
        float[] found = layer.multiply(set, x, 13, 13, in, Activation.NONE);
        if (set == InstructionSet.PLAIN) {
            assertThat(found).containsExactly(best, within((float) (SUM_ERROR * 4 * Math.max(4, in))));
        } else {
            assertThat(found).containsExactly(best);
        }
    }

    static Stream<InstructionSet> sets() {
        return Kernels.supported().stream();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void activationsAreThoseOfTheTextbook(InstructionSet set) {
        float[] x = new float[4001];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 2000) / 100f;
        }
        x[0] = -1000;
        x[1] = Float.NEGATIVE_INFINITY;
        x[2] = 1e30f;
        float[] elu = activate(set, Activation.ELU, x);
        float[] gelu = activate(set, Activation.GELU, x);
        for (int i = 0; i < x.length; i++) {
            assertThat((double) elu[i]).as("elu of %s", x[i]).isCloseTo(elu(x[i]), within(1e-7 + Math.ulp(elu[i])));
            if (Float.isFinite(x[i])) {
                assertThat((double) gelu[i])
                        .as("gelu of %s", x[i])
                        .isCloseTo(gelu(x[i]), within(4e-7 * Math.max(1, Math.abs(gelu[i]))));
            }
        }
        assertThat(activate(set, Activation.ELU, new float[] {Float.NaN})).containsExactly(Float.NaN);
        assertThat(activate(set, Activation.GELU, new float[] {Float.NaN})).containsExactly(Float.NaN);
    }

    @Test
    void numbersThatAreNotFiniteMakeTheirOwnResultsNaN() {
        float[] weights = numbers(3 * 40);
        weights[40] = Float.POSITIVE_INFINITY;
        Layer layer = new Layer(Held.INT8, weights, 3, 40);
        float[] y = layer.multiply(Kernels.instructionSet(), numbers(40), 1, 1, 40, Activation.NONE);
        assertThat(y[0]).isFinite();
        assertThat(y[1]).isNaN();
        assertThat(y[2]).isFinite();
        float[] x = numbers(2 * 40);
        x[7] = Float.NaN;
        float[] rows = new Layer(Held.F32, numbers(3 * 40), 3, 40)
                .multiply(Kernels.instructionSet(), x, 2, 2, 40, Activation.ELU);
        for (int i = 0; i < 3; i++) {
            assertThat(rows[i]).isNaN();
            assertThat(rows[3 + i]).isFinite();
        }
    }

    private float[] activate(InstructionSet set, Activation activation, float[] x) {
        TestMemory.Block values = memory.floats(x, 4);
        PanelKernel.activate(set, activation, values.address(), values.address(), x.length);
        float[] y = new float[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = values.floatAt(i);
        }
        return y;
    }

    private static double elu(double x) {
        return x > 0 ? x : Math.expm1(x);
    }

    /** By the integral of the normal density, in steps of a thousandth. */
    private static double gelu(double x) {
        double end = Math.min(8, Math.abs(x));
        int steps = Math.max(2, 2 * (int) Math.ceil(end * 500));
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double t = end * i / steps;
            int weight = i == 0 || i == steps ? 1 : i % 2 == 0 ? 2 : 4;
            sum += weight * Math.exp(-t * t / 2);
        }
        double half = sum * end / steps / 3 / Math.sqrt(2 * Math.PI);
        return x * (0.5 + Math.copySign(half, x));
    }

    /** A matrix in memory, with bias, factors and a residual. */
    private final class Layer {
        private final PanelKernel.Matrix matrix;
        private final double[][] weights;
        private final float[] bias;
        private final float[] factors;
        private float[] residual;

        Layer(Held held, float[] numbers, int out, int in) {
            bias = numbers(out);
            factors = numbers(out);
            residual = numbers(29 * out);
            PanelKernel.Matrix sizes = new PanelKernel.Matrix(0, held, 0, 0, out, in);
            TestMemory.Block panels = memory.take(sizes.bytes(), 0);
            TestMemory.Block scales = memory.take(sizes.panels() * PanelKernel.PANEL_ROWS * Float.BYTES, 4);
            matrix = new PanelKernel.Matrix(
                    panels.address(),
                    held,
                    held == Held.INT8 ? scales.address() : 0,
                    memory.floats(bias, 4).address(),
                    out,
                    in);
            PanelKernel.pack(memory.floats(numbers, 4).address(), out, matrix, 0);
            weights = new double[out][];
            for (int o = 0; o < out; o++) {
                float[] row = Arrays.copyOfRange(numbers, o * in, (o + 1) * in);
                weights[o] = held == Held.INT8 ? Reference.rounded(row, 8, 0) : held(held, row);
            }
        }

        private static double[] held(Held held, float[] row) {
            double[] result = new double[row.length];
            for (int i = 0; i < row.length; i++) {
                result[i] = held == Held.BF16 ? bf16(row[i]) : held == Held.F16 ? Reference.half(row[i]) : row[i];
            }
            return result;
        }

        private static float bf16(float x) {
            int bits = Float.floatToRawIntBits(x);
            return Float.intBitsToFloat(bits + 0x7FFF + (bits >> 16 & 1) & 0xFFFF0000);
        }

        double exact(int out, double[] x, int row) {
            return residual[row * bias.length + out] + factors[out] * (Reference.dot(weights[out], x) + bias[out]);
        }

        float[] multiply(InstructionSet set, float[] x, int rows, int inBatch, int stride, Activation activation) {
            return multiply(set, x, rows, inBatch, 0, stride, activation);
        }

        float[] multiply(
                InstructionSet set, float[] x, int rows, int inBatch, int batch, int stride, Activation activation) {
            int out = (int) matrix.out();
            TestMemory.Block y = memory.take((long) rows * out * Float.BYTES, 4);
            PanelKernel.Product product = PanelKernel.prepare(
                    set,
                    matrix,
                    new PanelKernel.Windows(memory.floats(x, 4).address(), batch, stride, inBatch, rows),
                    new PanelKernel.Finish(
                            activation,
                            memory.floats(factors, 4).address(),
                            residual == null ? 0 : memory.floats(residual, 4).address()),
                    y.address());
            long panels = matrix.panels();
            product.run(rows / 2, rows, 0, panels);
            product.run(0, rows / 2, panels / 2, panels);
            product.run(0, rows / 2, 0, panels / 2);
            float[] result = new float[rows * out];
            for (int i = 0; i < result.length; i++) {
                result[i] = y.floatAt(i);
            }
            return result;
        }
    }
}

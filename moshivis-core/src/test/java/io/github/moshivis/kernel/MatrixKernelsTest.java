package io.github.moshivis.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.moshivis.kernel.MatrixKernels.Numbers;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Products of every instruction set of this processor against exact sums of what they multiply. */
class MatrixKernelsTest extends KernelTest {
    /** Float32's rounding in sums of a few thousand products, relative to the sum of their magnitudes. */
    private static final double SUM_ERROR = 2e-6;

    /** Two roundings to bfloat16 of a product's inputs are exact here; its result is rounded once. */
    private static final double BF16_ERROR = 1.0 / 256;

    /** Instruction sets x forms x sizes: whole blocks, and tails of columns and rows. */
    static Stream<Arguments> packedCases() {
        int[][] sizes = {{16, 32}, {1, 1}, {15, 33}, {17, 64}, {48, 512}, {50, 1000}, {31, 4099}};
        PackedForm[] forms = {
            PackedForm.INT8,
            new PackedForm(4, 32, false),
            new PackedForm(4, 64, false),
            new PackedForm(4, 128, false),
            new PackedForm(4, 256, false),
            new PackedForm(8, 32, false),
            new PackedForm(8, 64, false)
        };
        return Kernels.supported().stream().flatMap(set -> Stream.of(forms)
                .flatMap(form -> Stream.of(sizes).map(size -> Arguments.of(set, form, size[0], size[1]))));
    }

    @ParameterizedTest
    @MethodSource("packedCases")
    void packedProductsAreExactUpToFloat32(InstructionSet set, PackedForm form, int out, int in) {
        for (Numbers kind : new Numbers[] {Numbers.F32, Numbers.BF16}) {
            float[] weights = numbers(out * in);
            float[] x = numbers(9 * in);
            if (kind == Numbers.BF16) {
                truncate(weights);
                truncate(x);
            }
            double[][] rows = new double[out][];
            for (int r = 0; r < out; r++) {
                rows[r] =
                        Reference.rounded(Arrays.copyOfRange(weights, r * in, (r + 1) * in), form.bits(), form.group());
            }
            MatrixKernels.Packed packed = pack(set, form, weights, kind, out, in);
            for (int count : new int[] {1, 2, 3, 4, 5, 8, 9}) {
                float[] y = multiply(set, packed, x, kind, count);
                for (int n = 0; n < count; n++) {
                    double[] row = Reference.rounded(Arrays.copyOfRange(x, n * in, (n + 1) * in));
                    for (int r = 0; r < out; r++) {
                        double exact = Reference.dot(rows[r], row);
                        double bound = SUM_ERROR * Reference.size(rows[r], row)
                                + (kind == Numbers.BF16 ? BF16_ERROR * Math.abs(exact) : 0);
                        assertThat(Math.abs(y[n * out + r] - exact))
                                .as("%s, row %s of %s, result %s: %s for %s", kind, n, count, r, y[n * out + r], exact)
                                .isLessThanOrEqualTo(bound + Float.MIN_VALUE);
                    }
                }
            }
            MatrixKernels.release(packed.address());
        }
    }

    @ParameterizedTest
    @MethodSource("packedCases")
    void aRowIsTheSameAloneAndAmongOthers(InstructionSet set, PackedForm form, int out, int in) {
        float[] x = numbers(8 * in);
        MatrixKernels.Packed packed = pack(set, form, numbers(out * in), Numbers.F32, out, in);
        float[] together = multiply(set, packed, x, Numbers.F32, 8);
        for (int n = 0; n < 8; n++) {
            float[] alone = multiply(set, packed, Arrays.copyOfRange(x, n * in, (n + 1) * in), Numbers.F32, 1);
            assertThat(alone).containsExactly(Arrays.copyOfRange(together, n * out, (n + 1) * out));
        }
        MatrixKernels.release(packed.address());
    }

    @ParameterizedTest
    @MethodSource("packedCases")
    void instructionSetsGiveTheSameNumbers(InstructionSet set, PackedForm form, int out, int in) {
        assumeTrue(set != InstructionSet.PLAIN, "multiplies and adds with two roundings");
        float[] x = numbers(3 * in);
        MatrixKernels.Packed packed = pack(set, form, numbers(out * in), Numbers.F32, out, in);
        float[] best = multiply(Kernels.instructionSet(), packed, x, Numbers.F32, 3);
        assertThat(multiply(set, packed, x, Numbers.F32, 3)).containsExactly(best);
        MatrixKernels.release(packed.address());
    }

    static Stream<Arguments> keptCases() {
        return Kernels.supported().stream().flatMap(set -> Stream.of(4, 8)
                .flatMap(bits -> Stream.of(32, 64, 128, 256).flatMap(group -> Stream.of(true, false)
                        .map(affine -> Arguments.of(set, new PackedForm(bits, group, affine))))));
    }

    /** Values, scales and offsets of a file are multiplied as they are. */
    @ParameterizedTest
    @MethodSource("keptCases")
    void groupsKeepTheirValues(InstructionSet set, PackedForm form) {
        int out = 35;
        int in = 3 * form.group();
        int groups = 3;
        TestMemory.Block values = memory.take((long) out * in, 1);
        float[] scales = new float[out * groups];
        float[] offsets = new float[out * groups];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = Reference.half((float) (random.nextGaussian() * Math.pow(10, random.nextInt(6) - 4)));
            int middle = form.bits() == 4 ? 8 : 128;
            offsets[i] = form.affine() ? Reference.half((float) random.nextGaussian()) : -middle * scales[i];
        }
        double[][] rows = new double[out][in];
        for (int r = 0; r < out; r++) {
            for (int c = 0; c < in; c++) {
                int q = random.nextInt(1 << form.bits());
                values.buffer().put(r * in + c, (byte) q);
                int g = r * groups + c / form.group();
                rows[r][c] = (double) scales[g] * q + offsets[g];
            }
        }
        MatrixKernels.Packed packed = allocate(form, out, in);
        new MatrixKernels(set)
                .packGroups(
                        values.address(),
                        memory.floats(scales, 4).address(),
                        memory.floats(offsets, 8).address(),
                        out,
                        packed,
                        0);
        float[] x = numbers(2 * in);
        float[] y = multiply(set, packed, x, Numbers.F32, 2);
        for (int n = 0; n < 2; n++) {
            double[] row = Reference.rounded(Arrays.copyOfRange(x, n * in, (n + 1) * in));
            for (int r = 0; r < out; r++) {
                // 8-bit offsets are moved to the middle of the values, which costs a rounding to float16
                double rounding = form.affine() && form.bits() == 8 ? 1e-3 : 2 * SUM_ERROR;
                double parts = 0;
                for (int c = 0; c < in; c++) {
                    int g = r * groups + c / form.group();
                    parts += (Math.abs(scales[g] * 255.0) + Math.abs(offsets[g])) * Math.abs(row[c]);
                }
                assertThat(Math.abs(y[n * out + r] - Reference.dot(rows[r], row)))
                        .isLessThanOrEqualTo(rounding * parts);
            }
        }
        MatrixKernels.release(packed.address());
    }

    static Stream<Arguments> denseCases() {
        int[][] sizes = {{1, 1}, {3, 31}, {5, 32}, {2, 63}, {7, 64}, {9, 65}, {33, 1000}, {4, 4097}};
        return Kernels.supported().stream().flatMap(set -> Stream.of(Numbers.F32, Numbers.BF16)
                .flatMap(type -> Stream.of(sizes).map(size -> Arguments.of(set, type, size[0], size[1]))));
    }

    @ParameterizedTest
    @MethodSource("denseCases")
    void denseProductsAreExactUpToFloat32(InstructionSet set, Numbers type, int out, int in) {
        float[] weights = numbers(out * in);
        float[] x = numbers(9 * in);
        float[] bias = numbers(out);
        if (type == Numbers.BF16) {
            truncate(weights);
            truncate(x);
        }
        for (int misaligned : new int[] {0, 2 * (type == Numbers.F32 ? 2 : 1), 60}) {
            for (int count : new int[] {1, 2, 3, 5, 8, 9}) {
                float[] y = multiply(set, weights, type, bias, out, in, x, count, misaligned);
                for (int r = 0; r < out; r++) {
                    double[] row = doubles(weights, r * in, in);
                    for (int n = 0; n < count; n++) {
                        double[] vector = doubles(x, n * in, in);
                        double exact = Reference.dot(row, vector) + bias[r];
                        double bound = SUM_ERROR * (Reference.size(row, vector) + Math.abs(bias[r]))
                                + (type == Numbers.BF16 ? BF16_ERROR * Math.abs(exact) : 0);
                        assertThat(Math.abs(y[n * out + r] - exact)).isLessThanOrEqualTo(bound + Float.MIN_VALUE);
                    }
                    float[] alone = multiply(set, weights, type, bias, out, in, x, 1, misaligned);
                    assertThat(alone[r]).isEqualTo(y[r]);
                }
            }
        }
    }

    static Stream<InstructionSet> sets() {
        return Kernels.supported().stream();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void outliersZerosAndTinyNumbers(InstructionSet set) {
        float[][] rows = {
            filled(96, 0),
            filled(96, Float.MIN_VALUE),
            filled(96, 1e-37f),
            filled(96, 1e30f),
            filled(96, -0f),
            outlier(96)
        };
        float[] weights = numbers(16 * 96);
        double[][] exact = new double[16][];
        for (int r = 0; r < 16; r++) {
            exact[r] = Reference.rounded(Arrays.copyOfRange(weights, r * 96, (r + 1) * 96), 4, 32);
        }
        MatrixKernels.Packed packed = pack(set, new PackedForm(4, 32, false), weights, Numbers.F32, 16, 96);
        for (float[] x : rows) {
            double[] vector = Reference.rounded(x);
            float[] y = multiply(set, packed, x, Numbers.F32, 1);
            for (int r = 0; r < 16; r++) {
                assertThat(Math.abs(y[r] - Reference.dot(exact[r], vector)))
                        .isLessThanOrEqualTo(SUM_ERROR * Reference.size(exact[r], vector));
            }
        }
        MatrixKernels.release(packed.address());
    }

    @ParameterizedTest
    @MethodSource("sets")
    void whatIsNotFiniteIsNotANumberInItsRowOnly(InstructionSet set) {
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] x = numbers(3 * 100);
            x[100 + 77] = broken;
            MatrixKernels.Packed packed =
                    pack(set, new PackedForm(4, 32, false), numbers(20 * 100), Numbers.F32, 20, 100);
            float[] y = multiply(set, packed, x, Numbers.F32, 3);
            assertThat(Arrays.copyOfRange(y, 20, 40)).containsOnly(Float.NaN);
            float[] first = Arrays.copyOfRange(y, 0, 20);
            assertThat(first).doesNotContain(Float.NaN);
            MatrixKernels.release(packed.address());

            float[] weights = numbers(20 * 100);
            weights[5 * 100 + 3] = broken;
            for (PackedForm form : new PackedForm[] {PackedForm.INT8, new PackedForm(4, 64, false)}) {
                MatrixKernels.Packed damaged = pack(set, form, weights, Numbers.F32, 20, 100);
                float[] result = multiply(set, damaged, numbers(100), Numbers.F32, 1);
                for (int r = 0; r < 20; r++) {
                    assertThat(Float.isNaN(result[r])).isEqualTo(r == 5);
                }
                MatrixKernels.release(damaged.address());
            }
        }
    }

    @Test
    void theBestInstructionSetIsChosen() {
        assertThat(Kernels.supported()).contains(InstructionSet.PLAIN).contains(Kernels.instructionSet());
        assertThat(Kernels.describe()).contains(Kernels.instructionSet().toString());
    }

    private MatrixKernels.Packed allocate(PackedForm form, int out, int in) {
        long bytes = new MatrixKernels.Packed(0, form, out, in).bytes();
        return new MatrixKernels.Packed(MatrixKernels.allocate(bytes), form, out, in);
    }

    private MatrixKernels.Packed pack(
            InstructionSet set, PackedForm form, float[] weights, Numbers type, int out, int in) {
        MatrixKernels.Packed packed = allocate(form, out, in);
        new MatrixKernels(set).pack(rows(weights, type, out, in, type == Numbers.F32 ? 4 : 2), packed, 0);
        return packed;
    }

    private MatrixKernels.Rows rows(float[] numbers, Numbers type, int count, int in, int misaligned) {
        TestMemory.Block block =
                type == Numbers.F32 ? memory.floats(numbers, misaligned) : memory.bf16(numbers, misaligned);
        return new MatrixKernels.Rows(block.address(), type, count, in);
    }

    /** The blocks in two parts, as two threads would. */
    private float[] multiply(InstructionSet set, MatrixKernels.Packed packed, float[] x, Numbers type, int count) {
        int in = (int) packed.in();
        int out = (int) packed.out();
        TestMemory.Block y = memory.take((long) count * out * bytes(type), bytes(type));
        TestMemory.Block scratch = memory.take(MatrixKernels.scratchBytes(count, in), 0);
        MatrixKernels.Product product = new MatrixKernels(set)
                .prepare(packed, rows(x, type, count, in, bytes(type)), y.address(), out, scratch.address());
        product.run(packed.blocks() / 2, packed.blocks());
        product.run(0, packed.blocks() / 2);
        return y.read(type, count * out);
    }

    private float[] multiply(
            InstructionSet set,
            float[] w,
            Numbers type,
            float[] bias,
            int out,
            int in,
            float[] x,
            int count,
            int misaligned) {
        TestMemory.Block y = memory.take((long) count * out * bytes(type), bytes(type));
        TestMemory.Block scratch = memory.take(MatrixKernels.scratchBytes(count, in), 0);
        MatrixKernels.Rows matrix = rows(w, type, out, in, misaligned);
        MatrixKernels.Dense dense = new MatrixKernels.Dense(
                matrix.address(), type, memory.floats(bias, 4).address(), out, in);
        new MatrixKernels(set)
                .prepare(dense, rows(x, type, count, in, misaligned), y.address(), out, scratch.address())
                .run(0, out);
        return y.read(type, count * out);
    }

    private static int bytes(Numbers type) {
        return type == Numbers.F32 ? Float.BYTES : Short.BYTES;
    }

    private static void truncate(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xFFFF0000);
        }
    }

    private static float[] filled(int count, float value) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return values;
    }

    private float[] outlier(int count) {
        float[] values = numbers(count);
        values[count / 2] = 1e6f;
        return values;
    }
}

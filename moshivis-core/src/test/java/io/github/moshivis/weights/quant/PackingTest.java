package io.github.moshivis.weights.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.Leaks;
import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.InScope;
import io.github.moshivis.tensor.NativeMemory;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products with weights of few bits are near those with the weights they were made from. */
@ExtendWith(InScope.class)
class PackingTest {
    /** Root mean square of the error over that of the product, for normal weights and vectors: 0.012 with 4096 columns. */
    private static final double INT8_ERROR = 0.02;

    /** The same for groups of 32: 0.077; larger groups are less exact, at 256 columns or more still below. */
    private static final double INT4_ERROR = 0.125;

    /** Sums of the same products in another order, and a bias added and taken off. */
    private static final double F32_ERROR = 1e-6;

    /** Rounding of vectors and results to bfloat16, and of the scales: 8 bits each. */
    private static final double BF16_ERROR = 0.006;

    private final Random random = new Random(5);
    private final List<PackedMatrix> packed = new ArrayList<>();

    @AfterEach
    void close() {
        packed.forEach(PackedMatrix::close);
    }

    @ParameterizedTest
    @CsvSource({"1,2", "3,5", "16,13", "77,207", "256,1024", "1024,4098"})
    void eightBitsTakeMatricesOfAnySize(int out, int in) {
        Tensor weight = normal(out, in);
        Linear packed = pack(MatrixForm.INT8, weight);
        for (int rows = 1; rows <= 5; rows++) {
            Tensor x = normal(rows, in);
            double tolerance = Math.max(INT8_ERROR, in < 100 ? 0.05 : 0); // few products average little
            assertThat(relativeError(packed.forward(x), x, weight))
                    .as("%s rows", rows)
                    .isLessThan(tolerance);
        }
    }

    @ParameterizedTest
    @CsvSource({"16,128,32", "48,128,64", "80,256,128", "1040,512,256", "2048,1024,32", "64,2816,128"})
    void fourBitsTakeMatricesThatFitTheirTiles(int out, int in, int group) {
        Tensor weight = normal(out, in);
        Linear packed = pack(MatrixForm.int4(group), weight);
        for (int rows = 1; rows <= 5; rows++) {
            Tensor x = normal(rows, in);
            assertThat(relativeError(packed.forward(x), x, weight))
                    .as("%s rows", rows)
                    .isLessThan(INT4_ERROR);
        }
    }

    @ParameterizedTest
    @CsvSource({"256,256", "1000,131", "512,3072"})
    void aLayoutOfFloat32GivesTheSameProductsWithTheirBias(int out, int in) {
        Tensor weight = normal(out, in);
        Tensor bias = normal(1, out).view(out);
        PackedMatrix matrix = Packing.laidOut(MatrixForm.LAID_OUT, Packing.Source.of(weight), bias)
                .orElseThrow()
                .pack();
        packed.add(matrix);
        for (int rows : new int[] {1, 2, 5, 40}) {
            Tensor x = normal(rows, in);
            Tensor without = Linear.of(matrix).forward(x).sub(bias);
            assertThat(relativeError(without, x, weight)).as("%s rows", rows).isLessThan(F32_ERROR);
            assertThat(relativeError(pack(MatrixForm.LAID_OUT, weight).forward(x), x, weight))
                    .as("%s rows, no bias", rows)
                    .isLessThan(F32_ERROR);
        }
    }

    @Test
    void libTorchHasNoLayoutForSmallMatrices() {
        Optional<PackedMatrix> matrix = Packing.pack(MatrixForm.LAID_OUT, normal(64, 64));
        matrix.ifPresent(packed::add);
        assertThat(matrix.isPresent()).isEqualTo(Kernels.available());
    }

    @ParameterizedTest
    @CsvSource({"16,130,32", "16,32,32", "15,128,32", "16,128,256", "1,1,128"})
    void whatDoesNotFitLibTorchsTilesStaysDenseThere(int out, int in, int group) {
        Tensor weight = normal(out, in);
        Optional<PackedMatrix> matrix = Packing.pack(MatrixForm.int4(group), weight);
        matrix.ifPresent(packed::add);
        assertThat(matrix.isPresent()).isEqualTo(Kernels.available());
        matrix.ifPresent(kernel -> {
            Tensor x = normal(3, in);
            assertThat(relativeError(kernel.multiply(x), x, weight)).isLessThan(2 * INT4_ERROR);
        });
    }

    @Test
    void aGroupThatNoProductHasStaysDense() {
        assertThat(Packing.pack(MatrixForm.int4(48), normal(16, 128))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16"})
    void resultsHaveTheTypeAndShapeOfWhatCameIn(DType dtype) {
        Tensor weight = normal(512, 128);
        for (MatrixForm form : new MatrixForm[] {MatrixForm.LAID_OUT, MatrixForm.INT8, MatrixForm.int4(32)}) {
            Tensor result =
                    pack(form, weight).forward(normal(6, 128).view(2, 3, 128).to(dtype));
            assertThat(result.dtype()).isEqualTo(dtype);
            assertThat(result.shape()).containsExactly(2, 3, 512);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {1e-3f, 1e3f, Float.NaN, 0})
    void aRowDoesNotDependOnItsNeighborsNumbers(float size) {
        Tensor x = normal(1, 256);
        for (MatrixForm form : new MatrixForm[] {MatrixForm.LAID_OUT, MatrixForm.INT8, MatrixForm.int4(32)}) {
            Linear packed = pack(form, normal(256, 256));
            Tensor near = packed.forward(Ops.cat(0, x, normal(1, 256)));
            Tensor beside = packed.forward(Ops.cat(0, x, normal(1, 256).mul(size)));
            assertThat(beside.select(0, 0).toFloats())
                    .containsExactly(near.select(0, 0).toFloats());
            if (Float.isNaN(size)) {
                assertThat(beside.select(0, 1).toFloats()).containsOnly(Float.NaN);
            }
        }
    }

    @Test
    void smallMatricesHaveEightBitsOnTheCpuAndStayAsTheyAreOnGpus() {
        assertThat(MatrixForm.int4(32).finer(Device.CPU)).isEqualTo(MatrixForm.INT8);
        assertThat(MatrixForm.INT8.finer(Device.CPU)).isEqualTo(MatrixForm.INT8);
        assertThat(MatrixForm.int4(32).finer(Device.cuda(0))).isEqualTo(MatrixForm.DENSE);
        assertThat(MatrixForm.INT8.finer(Device.cuda(0))).isEqualTo(MatrixForm.DENSE);
    }

    @Test
    void zerosStayZero() {
        Tensor zeros = Tensor.zeros(DType.F32, Device.CPU, 16, 128);
        for (MatrixForm form : new MatrixForm[] {MatrixForm.INT8, MatrixForm.int4(64)}) {
            assertThat(pack(form, zeros).forward(normal(2, 128)).toFloats()).containsOnly(0);
            assertThat(pack(form, normal(16, 128))
                            .forward(zeros.narrow(0, 0, 2))
                            .toFloats())
                    .containsOnly(0);
        }
    }

    /** Values of 4 bits, scales and offsets that bfloat16 holds: the product is that of the file's weights. */
    @ParameterizedTest
    @ValueSource(ints = {32, 64, 128})
    void asStoredKeepsFourBits(int group) {
        GroupedWeights stored = grouped(4, 48, 256, group);
        Tensor weight = MatrixRows.of(stored).rows(0, 48);
        Linear packed = Linear.of(asStored(stored));
        float[] ones = new float[256 * 256];
        for (int i = 0; i < 256; i++) {
            ones[257 * i] = 1;
        }
        Tensor identity = Tensor.of(ones, Device.CPU, 256, 256);
        float[] kept = packed.forward(identity).transpose(0, 1).toFloats();
        if (Kernels.available()) {
            assertThat(kept).containsExactly(weight.toFloats(), within(1e-6f));
        } else {
            assertThat(kept).containsExactly(weight.to(DType.BF16).toFloats());
        }
    }

    @Test
    void asStoredTakesEightBitsInGroups() {
        GroupedWeights stored = grouped(8, 64, 512, 32);
        Tensor weight = MatrixRows.of(stored).rows(0, 64);
        assertThat(asStored(stored).bytes())
                .isEqualTo(Kernels.available() ? 64 * (512 + 2 * 512 / 32 + 4) : 64 * (512 + 16));
        Tensor x = normal(3, 512);
        assertThat(relativeError(Linear.of(asStored(stored)).forward(x), x, weight))
                .isLessThan(INT8_ERROR);
    }

    @Test
    void asStoredLeavesWhatIsNotQuantizedAsItIs() {
        assertThat(Packing.pack(MatrixForm.AS_STORED, normal(64, 128))).isEmpty();
    }

    @Test
    void fourBitsKeepTheFilesValuesWhereTheGroupIsTheSame() {
        GroupedWeights stored = grouped(4, 48, 256, 64);
        Tensor x = normal(2, 256);
        float[] kept = Linear.of(asStored(stored)).forward(x).toFloats();
        assertThat(Linear.of(pack(MatrixForm.int4(64), stored)).forward(x).toFloats())
                .containsExactly(kept);
        Tensor weight = MatrixRows.of(stored).rows(0, 48);
        assertThat(relativeError(Linear.of(pack(MatrixForm.int4(32), stored)).forward(x), x, weight))
                .isLessThan(INT4_ERROR);
    }

    @Test
    void keptMatricesAreCountedUntilTheyAreClosed() {
        pack(MatrixForm.INT8, normal(256, 256)).forward(normal(2, 256)); // operators are looked up once
        pack(MatrixForm.int4(32), normal(256, 256)).forward(normal(2, 256));
        pack(MatrixForm.LAID_OUT, normal(256, 256)).forward(normal(2, 256));
        NativeMemory.Snapshot before = NativeMemory.snapshot();
        for (MatrixForm form : new MatrixForm[] {MatrixForm.LAID_OUT, MatrixForm.INT8, MatrixForm.int4(32)}) {
            PackedMatrix kept;
            try (Scope inner = Scope.open()) {
                kept = Packing.pack(form, normal(256, 256)).orElseThrow();
            }
            assertThat(NativeMemory.snapshot().keptBytes()).isEqualTo(before.keptBytes() + kept.bytes());
            for (int i = 0; i < 100; i++) {
                try (Scope inner = Scope.open()) {
                    kept.multiply(normal(3, 256));
                }
            }
            kept.close();
            kept.close();
        }
        Leaks.assertNone(before);
    }

    @Test
    void memoryIsWhatTheBitsTake() {
        assertThat((double) matrix(MatrixForm.INT8, normal(1024, 1024)).bytes()).isCloseTo(1 << 20, within(2e4));
        int scales = Kernels.available() ? 2 : 4; // the kernels' groups are symmetric
        long rows = Kernels.available() ? 4 * 1024 : 0;
        assertThat(matrix(MatrixForm.int4(32), normal(1024, 1024)).bytes())
                .isEqualTo((1 << 19) + scales * (1 << 15) + rows);
        assertThat(matrix(MatrixForm.int4(128), normal(1024, 1024)).bytes())
                .isEqualTo((1 << 19) + scales * (1 << 13) + rows);
    }

    private GroupedWeights grouped(int bits, int out, int in, int group) {
        float[] values = new float[out * in];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(1 << bits);
        }
        Tensor scales =
                normal(out, in / group).mul(0.01).add(0.1).to(DType.BF16).to(DType.F32);
        return new GroupedWeights(
                bits,
                group,
                Tensor.of(values, Device.CPU, out, in).to(DType.U8),
                scales,
                scales.mul(-(1 << (bits - 1))));
    }

    private PackedMatrix asStored(GroupedWeights stored) {
        return pack(MatrixForm.AS_STORED, stored);
    }

    private PackedMatrix pack(MatrixForm form, GroupedWeights stored) {
        return closedLater(Packing.of(form, new Stored(stored)).orElseThrow().pack());
    }

    /** A matrix that a file has in groups only. */
    private record Stored(GroupedWeights weights) implements Packing.Source {
        @Override
        public long out() {
            return weights.values().size(0);
        }

        @Override
        public long in() {
            return weights.values().size(1);
        }

        @Override
        public Device device() {
            return Device.CPU;
        }

        @Override
        public boolean isQuantized() {
            return true;
        }

        @Override
        public Optional<StoredGroups> groups() {
            return Optional.of(new StoredGroups(
                    weights.bits(),
                    weights.group(),
                    width -> GroupedWeights.isSymmetric(weights.scales(), weights.offsets(), width),
                    () -> weights));
        }

        @Override
        public Tensor plain() {
            throw new AssertionError("the plain matrix is not needed");
        }
    }

    private PackedMatrix closedLater(PackedMatrix matrix) {
        packed.add(matrix);
        return matrix;
    }

    private Linear pack(MatrixForm form, Tensor weight) {
        return Linear.of(matrix(form, weight));
    }

    private PackedMatrix matrix(MatrixForm form, Tensor weight) {
        return closedLater(Packing.pack(form, weight).orElseThrow());
    }

    private static double relativeError(Tensor result, Tensor x, Tensor weight) {
        float[] exact =
                x.to(DType.F64).matmul(weight.to(DType.F64).transpose(0, 1)).toFloats();
        float[] found = result.toFloats();
        double error = 0;
        double size = 0;
        for (int i = 0; i < exact.length; i++) {
            error += Math.pow(found[i] - exact[i], 2);
            size += Math.pow(exact[i], 2);
        }
        return Math.sqrt(error / size);
    }

    private Tensor normal(int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(values, Device.CPU, rows, columns);
    }
}

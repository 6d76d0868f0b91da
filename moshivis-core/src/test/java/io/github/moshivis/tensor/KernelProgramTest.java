package io.github.moshivis.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.kernel.PackedForm;
import io.github.moshivis.nn.GatedFeedForward;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.nn.RmsNorm;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program's results against those of the same operators one by one, bit for bit. */
class KernelProgramTest {
    private static final int DIM = 352;
    private static final int HIDDEN = 1111;
    private static final int HEADS = 4;
    private static final int STEPS = 5;

    private final Random random = new Random(3);

    @BeforeAll
    static void load() {
        LibTorch.load();
        assumeThat(Kernels.available()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, 1, F32, 0", "2, 1, F32, 8", "2, 1, BF16, 0", "2, 3, BF16, 4", "3, 2, F32, 4"})
    void aLayerIsTheSameAsItsOperators(int threads, int rows, DType dtype, int bits) {
        try (KernelThreads helpers = KernelThreads.start(threads);
                Scope scope = Scope.open();
                KernelProgram around = new KernelProgram();
                KeysValues ours = new KeysValues(rows, HEADS, STEPS, DIM / HEADS, dtype, Device.CPU);
                KeysValues theirs = new KeysValues(rows, HEADS, STEPS, DIM / HEADS, dtype, Device.CPU)) {
            RmsNorm norm = new RmsNorm(numbers(dtype, DIM), RmsNorm.Spec.VARIANCE);
            Linear input = linear(dtype, bits, 3 * DIM, DIM);
            GatedFeedForward wide =
                    new GatedFeedForward(linear(dtype, bits, 2 * HIDDEN, DIM), linear(dtype, bits, DIM, HIDDEN));
            Tensor table = numbers(dtype, 9, DIM);
            Tensor ids = around.room(DType.I64, rows);
            Tensor x = around.room(dtype, rows, DIM);
            Tensor normalized = around.room(dtype, rows, DIM);
            Tensor projected = around.room(dtype, rows, 3 * DIM);
            Tensor result = around.room(dtype, rows, DIM);
            for (int step = 0; step < STEPS; step++) {
                KeysValues.Window window = new KeysValues.Window(
                        STEPS, all(step, rows).keep(), null, all(step + 1, rows).keep(), step + 1L);
                KernelProgram program = around.sibling();
                program.lookUp(table, ids, x);
                norm.record(program, x, normalized);
                input.record(program, normalized, projected);
                program.attend(ours, projected, null, window, result);
                program.add(result, x);
                wide.record(program, x, result);
                for (int run = 0; run < 3; run++) {
                    ids.copyFrom(all(run == 2 ? -1 : step + run, rows));
                    program.run();
                    Tensor looked = RowOperators.lookUp(table, ids);
                    looked.addInPlace(theirs.step(input.forward(norm.forward(looked)), null, window));
                    assertThat(x.toFloats()).isEqualTo(looked.toFloats());
                    assertThat(result.toFloats()).isEqualTo(wide.forward(looked).toFloats());
                }
                window.positions().close();
                window.lengths().close();
            }
            if (bits != 0) {
                close(input, wide.input(), wide.output());
            }
        }
    }

    private Linear linear(DType dtype, int bits, int out, int in) {
        Tensor weight = numbers(dtype, out, in);
        Linear linear = bits == 0
                ? Linear.of(weight)
                : Linear.of(PackedMatrix.rounded(
                        bits == 4 ? new PackedForm(4, 32, false) : PackedForm.INT8,
                        out,
                        in,
                        (row, count) -> weight.narrow(0, row, count)));
        assertThat(linear.isRecorded(dtype, 3)).isTrue();
        assertThat(linear.out()).isEqualTo(out);
        return linear;
    }

    private static void close(Linear... packed) {
        for (Linear linear : packed) {
            ((Linear.Packed) linear).matrix().close();
        }
    }

    private Tensor numbers(DType dtype, long... shape) {
        float[] values = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 16;
        }
        return Tensor.of(values, Device.CPU, shape).to(dtype);
    }

    private static Tensor all(long value, int rows) {
        long[] values = new long[rows];
        Arrays.fill(values, value);
        return Tensor.of(values, Device.CPU, rows);
    }
}

package io.github.moshivis.tensor;

import static io.github.moshivis.tensor.BoxedOperator.none;
import static io.github.moshivis.tensor.BoxedOperator.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.pytorch.IValue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class Fp8MatrixTest {
    private static final int OUT = 48;
    private static final int IN = 64;
    private static final int ROWS = 5;

    private static Tensor numbers(Device device, long... shape) {
        float[] values = new float[(int) Tensor.elements(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (Math.sin(1.7 * i + 0.3) * Math.exp(3 * Math.sin(0.01 * i)));
        }
        return Tensor.of(values, device, shape);
    }

    private static Tensor dequantized(Fp8Rounding.Rounded rounded) {
        return rounded.values().to(DType.F32).mul(rounded.scales());
    }

    /** Three bits behind the first: half of the last is a sixteenth. */
    @Test
    void aRowIsRoundedByItsOwnLargestNumber() {
        float[] exact = numbers(Device.CPU, ROWS, IN).toFloats();
        float[] rounded = dequantized(Fp8Rounding.byOperators(numbers(Device.CPU, ROWS, IN)))
                .toFloats();
        for (int row = 0; row < ROWS; row++) {
            float largest = 0;
            for (int i = row * IN; i < (row + 1) * IN; i++) {
                largest = Math.max(largest, Math.abs(exact[i]));
            }
            for (int i = row * IN; i < (row + 1) * IN; i++) {
                assertThat((double) rounded[i])
                        .isCloseTo(exact[i], within(Math.abs(exact[i]) / 16 + largest * 0x1p-18));
            }
        }
        assertThat(dequantized(Fp8Rounding.byOperators(Tensor.zeros(DType.F32, Device.CPU, 1, 3)))
                        .toFloats())
                .containsOnly(0);
    }

    /** On the CPU the operator takes one scale: with 1 it multiplies the values that rows were rounded to. */
    @Test
    void theOperatorMultipliesWhatWasRounded() {
        Fp8Rounding.Rounded x = Fp8Rounding.byOperators(numbers(Device.CPU, ROWS, IN));
        Fp8Rounding.Rounded weight = Fp8Rounding.byOperators(numbers(Device.CPU, OUT, IN));
        Tensor one = Tensor.full(1, DType.F32, Device.CPU, 1);
        Tensor product = BoxedOperator.find("aten::_scaled_mm", Device.CPU)
                .callForTensor(
                        value(x.values()),
                        value(weight.values().transpose(0, 1)),
                        value(one),
                        value(one),
                        none(),
                        none(),
                        value(DType.F32.scalarType().value),
                        new IValue(false));
        Tensor scaled = product.mul(x.scales()).mul(weight.scales().transpose(0, 1));
        Tensor exact = Ops.linear(dequantized(x), dequantized(weight));
        close(scaled, exact, 1e-5);
    }

    @Test
    void noCpuHasTheProduct() {
        assertThat(PackedMatrix.fitsFp8(OUT, IN, Device.CPU)).isFalse();
    }

    @Test
    @Tag("gpu")
    void productsAreThoseOfTheRoundedNumbers() {
        Device gpu = Device.cuda(0);
        assertThat(LibTorch.devices()).as(LibTorch.findings().toString()).contains(gpu);
        try (DeviceStream stream = DeviceStream.enter(gpu)) {
            if (!PackedMatrix.fitsFp8(OUT, IN, gpu)) {
                return; // below capability 8.9 there is nothing to check
            }
            Tensor weight = numbers(gpu, OUT, IN);
            try (PackedMatrix matrix =
                    PackedMatrix.fp8(OUT, IN, (first, count) -> weight.narrow(0, first, count), gpu)) {
                for (int rows : new int[] {1, ROWS, 64}) {
                    Tensor x = numbers(gpu, rows, IN);
                    Tensor exact = Ops.linear(
                            dequantized(Fp8Rounding.byOperators(x)), dequantized(Fp8Rounding.byOperators(weight)));
                    close(matrix.multiply(x), exact, 1.0 / 128);
                }
            }
        }
    }

    private static void close(Tensor found, Tensor exact, double relative) {
        float[] a = found.to(DType.F32).toFloats();
        float[] b = exact.toFloats();
        double largest = 0;
        for (float number : b) {
            largest = Math.max(largest, Math.abs(number));
        }
        for (int i = 0; i < b.length; i++) {
            assertThat((double) a[i]).as("number %s", i).isCloseTo(b[i], within(relative * largest));
        }
    }
}

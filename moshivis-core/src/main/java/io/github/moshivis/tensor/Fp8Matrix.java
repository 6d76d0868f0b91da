package io.github.moshivis.tensor;

import static io.github.moshivis.tensor.BoxedOperator.none;
import static io.github.moshivis.tensor.BoxedOperator.value;

import org.bytedeco.pytorch.IValue;

/**
 * Weights of 8 bits in floating point (e4m3) with a scale for each row, for {@code _scaled_mm} on NVIDIA GPUs of compute capability 8.9 and
 * more. Vectors are rounded to the same type, each by its own largest magnitude, so that none depends on its neighbors; sums are
 * float32's, results are bfloat16.
 */
final class Fp8Matrix implements PackedMatrix {
    /** The largest e4m3 number. */
    static final double LARGEST = 448;

    /** Both sizes of a matrix are multiples of this many. */
    private static final long MULTIPLE = 16;

    /** Smaller magnitudes count as zero: their scale would have no inverse. */
    private static final double SMALLEST = 1e-30;

    private static final int CAPABILITY = 89;

    /** Numbers that are rounded at a time. */
    private static final long NUMBERS_AT_ONCE = 1 << 22;

    private final BoxedOperator multiply;
    private final Tensor values;
    private final Tensor turned;
    private final Tensor scales;

    private Fp8Matrix(BoxedOperator multiply, Tensor values, Tensor scales) {
        this.multiply = multiply;
        this.values = values.keep();
        this.turned = values.transpose(0, 1).keep();
        this.scales = scales.keep();
    }

    /** See {@link PackedMatrix#fitsFp8}. */
    static boolean fits(long out, long in, Device device) {
        return out % MULTIPLE == 0
                && in % MULTIPLE == 0
                && device.kind() == Device.Kind.CUDA
                && Cuda.capability(device.index()) >= CAPABILITY;
    }

    static Fp8Matrix pack(long out, long in, RowSource source, Device device) {
        BoxedOperator multiply = BoxedOperator.find("aten::_scaled_mm", device);
        Tensor values = Tensor.empty(DType.F8, device, out, in);
        Tensor scales = Tensor.empty(DType.F32, device, 1, out);
        long atOnce = Math.max(1, NUMBERS_AT_ONCE / in);
        for (long first = 0; first < out; first += atOnce) {
            try (Scope scope = Scope.open()) {
                long count = Math.min(atOnce, out - first);
                Rounded rows = round(source.rows(first, count));
                values.narrow(0, first, count).copyFrom(rows.values);
                scales.narrow(1, first, count).copyFrom(rows.scales.transpose(0, 1)); // [n, 1] -> [1, n]
            }
        }
        return new Fp8Matrix(multiply, values, scales);
    }

    /**
     * Rounds rows, each by its own largest magnitude.
     *
     * @param rows floating [n, in]
     * @return F8 [n, in]
     */
    static Rounded round(Tensor rows) {
        Tensor numbers = rows.to(DType.F32);
        Tensor scales = Ops.clampMin(Ops.max(Ops.abs(numbers), 1).mul(1 / LARGEST), SMALLEST); // [n, in] -> [n, 1]
        return new Rounded(numbers.div(scales).to(DType.F8), scales);
    }

    /**
     * Rows in e4m3: numbers are {@code scales[r] * values[r, c]}.
     *
     * @param values F8 [n, in]
     * @param scales F32 [n, 1]
     */
    record Rounded(Tensor values, Tensor scales) {}

    @Override
    public Tensor multiply(Tensor x) {
        long[] shape = x.shape();
        shape[shape.length - 1] = out();
        Rounded vectors = round(x.contiguous().view(-1, in())); // [.., in] -> [n, in]
        return multiply.callForTensor(
                        value(vectors.values),
                        value(turned),
                        value(vectors.scales),
                        value(scales),
                        none(),
                        none(),
                        Settings.RESULT,
                        Settings.FAST)
                .view(shape)
                .to(x.dtype()); // [n, out] -> [.., out]
    }

    @Override
    public long out() {
        return values.size(0);
    }

    @Override
    public long in() {
        return values.size(1);
    }

    @Override
    public long bytes() {
        return values.bytes() + scales.bytes();
    }

    @Override
    public void close() {
        values.close();
        turned.close();
        scales.close();
    }

    /** Arguments that never change. */
    private static final class Settings {
        static final IValue RESULT = Constants.forGood(new IValue((long) DType.BF16.scalarType().value));
        static final IValue FAST = Constants.forGood(new IValue(true));
    }
}

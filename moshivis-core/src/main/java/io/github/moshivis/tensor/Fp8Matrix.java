package io.github.moshivis.tensor;

import static io.github.moshivis.tensor.BoxedOperator.none;
import static io.github.moshivis.tensor.BoxedOperator.value;

import org.bytedeco.pytorch.IValue;

/**
 * Weights of 8 bits in floating point (e4m3) with a scale for each row, for {@code _scaled_mm} on NVIDIA GPUs of compute capability 8.9 and
 * more. Vectors are rounded to the same type by {@link Fp8Rounding}, once a product: in this model no two such products take the same
 * vector. Sums are float32's, results are bfloat16.
 */
final class Fp8Matrix implements PackedMatrix {
    /** Both sizes of a matrix are multiples of this many. */
    private static final long MULTIPLE = 16;

    private static final int CAPABILITY = 89;

    /** Numbers that are rounded at a time. */
    private static final long NUMBERS_AT_ONCE = 1 << 22;

    private final BoxedOperator multiply;
    private final Fp8Rounding rounding;
    private final Tensor values;
    private final Tensor turned;
    private final Tensor scales;

    private Fp8Matrix(BoxedOperator multiply, Fp8Rounding rounding, Tensor values, Tensor scales) {
        this.multiply = multiply;
        this.rounding = rounding;
        this.values = values.keep();
        this.turned = values.transpose(0, 1).keep();
        this.scales = scales.keep();
    }

    /** See {@link PackedMatrix#fitsFp8}. */
    static boolean fits(long out, long in, Device device) {
        return out % MULTIPLE == 0 && in % MULTIPLE == 0 && isSupported(device);
    }

    /** Returns whether a device has the product for any matrix. */
    static boolean isSupported(Device device) {
        return device.kind() == Device.Kind.CUDA && Cuda.capability(device.index()) >= CAPABILITY;
    }

    static Fp8Matrix pack(long out, long in, RowSource source, Device device) {
        BoxedOperator multiply = BoxedOperator.find("aten::_scaled_mm", device);
        Fp8Rounding rounding = Fp8Rounding.on(device);
        Tensor values = Tensor.empty(DType.F8, device, out, in);
        Tensor scales = Tensor.empty(DType.F32, device, 1, out);
        long atOnce = Math.max(1, NUMBERS_AT_ONCE / in);
        for (long first = 0; first < out; first += atOnce) {
            try (Scope scope = Scope.open()) {
                long count = Math.min(atOnce, out - first);
                Fp8Rounding.Rounded rows = rounding.round(source.rows(first, count));
                values.narrow(0, first, count).copyFrom(rows.values());
                scales.narrow(1, first, count).copyFrom(rows.scales().transpose(0, 1)); // [n, 1] -> [1, n]
            }
        }
        return new Fp8Matrix(multiply, rounding, values, scales);
    }

    @Override
    public Tensor multiply(Tensor x) {
        Fp8Rounding.Rounded vectors = rounding.round(x.contiguous().view(-1, in())); // [.., in] -> [n, in]
        return multiply.callForTensor(
                        value(vectors.values()),
                        value(turned),
                        value(vectors.scales()),
                        value(scales),
                        none(),
                        none(),
                        Settings.RESULT,
                        Settings.FAST)
                .view(x.shapeWithLast(out()))
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

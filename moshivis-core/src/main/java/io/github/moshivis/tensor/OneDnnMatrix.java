package io.github.moshivis.tensor;

import static io.github.moshivis.tensor.BoxedOperator.none;
import static io.github.moshivis.tensor.BoxedOperator.value;

import io.github.moshivis.errors.NativeException;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.NumberType;
import org.bytedeco.pytorch.OptionalType;
import org.bytedeco.pytorch.Type;

/**
 * Float32 weights and a bias as oneDNN lays them out, for {@code mkldnn::_linear_pointwise}. It reads the matrix once for all rows, at
 * the speed of memory up to eight of them, where OpenBLAS reads it once a row or repacks it at each call.
 */
final class OneDnnMatrix extends CountedMatrix {
    private static final String LAY_OUT = "mkldnn::_reorder_linear_weight";
    private static final String MULTIPLY = "mkldnn::_linear_pointwise";

    /**
     * Number of rows that oneDNN chooses its layout for. The layout for 8 rows and more is the fastest for fewer, too: two rows by 1024 x
     * 8192 take 0.64 ms on two threads, with the layout for two rows 0.92.
     */
    private static final long ROWS = 16;

    /** Smaller matrices stay in caches, and their rows are often too many for this layout to be the best. */
    static final long MIN_BYTES = 1 << 18;

    private final BoxedOperator multiply;
    private final IValue weights;
    private final IValue bias;

    private OneDnnMatrix(BoxedOperator multiply, IValue weights, IValue bias, long out, long in) {
        super(out, in, MatrixBytes.float32(out, in));
        this.multiply = multiply;
        this.weights = weights.retainReference();
        this.bias = bias.retainReference();
    }

    /** Returns whether this LibTorch has oneDNN's products: it has not on every platform. */
    static boolean isAvailable() {
        try {
            BoxedOperator.find(LAY_OUT, Device.CPU);
            BoxedOperator.find(MULTIPLY, Device.CPU);
            return true;
        } catch (NativeException e) {
            return false;
        }
    }

    static OneDnnMatrix pack(Tensor weight, Tensor bias) {
        IValue weights =
                BoxedOperator.find(LAY_OUT, Device.CPU).call(value(weight.contiguous()), value(ROWS)); // [out, in]
        return new OneDnnMatrix(
                BoxedOperator.find(MULTIPLY, Device.CPU),
                weights,
                bias == null ? none() : value(bias),
                weight.size(0),
                weight.size(1));
    }

    @Override
    public Tensor multiply(Tensor x) {
        Tensor vectors = x.to(DType.F32);
        return multiply.callForTensor(value(vectors), weights, bias, Alone.NAME, Alone.SCALARS, Alone.ALGORITHM)
                .to(x.dtype());
    }

    @Override
    void free() {
        weights.close();
        bias.close();
    }

    /** Arguments that say that nothing is computed along with the product. */
    private static final class Alone {
        static final IValue NAME = Constants.forGood(new IValue("none"));
        static final IValue SCALARS = Constants.forGood(
                new IValue(new GenericList(OptionalType.get(new Type.TypePtr(NumberType.getNumberIntTypePtr())))));
        static final IValue ALGORITHM = Constants.forGood(new IValue(""));
    }
}

package io.github.moshivis.tensor;

import static io.github.moshivis.tensor.BoxedOperator.none;
import static io.github.moshivis.tensor.BoxedOperator.value;

import io.github.moshivis.errors.NativeException;
import org.bytedeco.pytorch.IValue;

/** 8-bit weights with a scale for each row, as FBGEMM packs them: {@code quantized::linear_dynamic} on the CPU. */
final class FbgemmMatrix extends CountedMatrix {
    private static final String MULTIPLY = "quantized::linear_dynamic";

    private final BoxedOperator multiply = BoxedOperator.find(MULTIPLY, Device.CPU);
    private final IValue packed;

    private FbgemmMatrix(IValue packed, long out, long in) {
        super(out, in, MatrixBytes.int8(out, in, Device.CPU));
        this.packed = packed.retainReference();
    }

    static FbgemmMatrix pack(Tensor values, Tensor scales) {
        Tensor zeroPoints = Tensor.zeros(DType.I64, Device.CPU, values.size(0));
        IValue quantized = BoxedOperator.find("aten::_make_per_channel_quantized_tensor", Device.CPU)
                .call(value(values), value(scales.to(DType.F64)), value(zeroPoints), value(0));
        return new FbgemmMatrix(prepack(quantized), values.size(0), values.size(1));
    }

    private static IValue prepack(IValue quantized) {
        BoxedOperator prepack = BoxedOperator.find("quantized::linear_prepack", Device.CPU);
        try {
            return prepack.call(quantized, none());
        } catch (RuntimeException e) {
            throw new NativeException(
                    "Weights of 8 bits cannot be used on this processor: found "
                            + LibTorch.firstLine(e.getMessage())
                            + ", expected a LibTorch with FBGEMM. Load with Quantization.NONE or Quantization.Q4",
                    e);
        }
    }

    @Override
    public Tensor multiply(Tensor x) {
        Tensor vectors = x.to(DType.F32);
        if (vectors.elements() == in()) {
            return product(vectors).to(x.dtype());
        }
        return rowByRowScaled(vectors.reshape(-1, in()))
                .view(x.shapeWithLast(out()))
                .to(x.dtype()); // [.., in] -> [n, in] -> [.., out]
    }

    private Tensor product(Tensor vectors) {
        return multiply.callForTensor(value(vectors), packed, new IValue(false));
    }

    /**
     * The kernel rounds all vectors of a call with the smallest and largest number in any of them. So that none depends on the others,
     * each is divided by its own largest magnitude, and one more vector holds -1 and 1. It costs nothing: few vectors take as long as
     * one.
     */
    private Tensor rowByRowScaled(Tensor vectors) {
        long rows = vectors.size(0);
        Tensor largest = Ops.max(Ops.abs(vectors), 1); // [n, in] -> [n, 1]
        Tensor within = vectors.div(Ops.clampMin(largest, Float.MIN_NORMAL));
        Tensor finite = Ops.nanToZero(within); // a broken vector breaks itself only, below
        return product(Ops.cat(0, finite, extremes())) // [n + 1, out]
                .narrow(0, 0, rows)
                .mul(largest); // -> [n, out]
    }

    private Tensor extremes() {
        Tensor extremes = Tensor.zeros(DType.F32, Device.CPU, 1, in());
        extremes.select(1, 0).fill(1.0);
        extremes.select(1, in() - 1).fill(-1.0);
        return extremes;
    }

    @Override
    void free() {
        packed.close();
    }
}

package io.github.moshivis.nn;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.LibTorch;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/** A matrix product with fixed weights, the place where nearly all time goes. */
public interface Linear {
    /**
     * Multiplies.
     *
     * @param x [.., in]
     * @return [.., out]
     */
    Tensor forward(Tensor x);

    /**
     * A product with weights as they are.
     *
     * @param weight [out, in]; not owned
     * @return the layer
     */
    static Linear of(Tensor weight) {
        return new Dense(weight, null);
    }

    /**
     * A product with weights as they are, and a bias.
     *
     * @param weight [out, in]; not owned
     * @param bias [out]; not owned
     * @return the layer
     */
    static Linear of(Tensor weight, Tensor bias) {
        return new Dense(weight, bias);
    }

    /** Weights in their own type. */
    record Dense(Tensor weight, Tensor bias) implements Linear {
        @Override
        public Tensor forward(Tensor x) {
            boolean oneRow = x.elements() == weight.size(1);
            if (oneRow && weight.device().isCpu()) {
                return oneRow(x);
            }
            return bias == null ? Ops.linear(x, weight) : Ops.linear(x, weight, bias);
        }

        /** On the CPU a matrix times a vector runs at the speed of memory, unless oneDNN reorders a bfloat16 matrix first. */
        private Tensor oneRow(Tensor x) {
            long[] shape = x.shape();
            shape[shape.length - 1] = weight.size(0);
            Tensor vector = x.reshape(weight.size(1)); // [.., in] -> [in]
            Tensor product = weight.dtype() == DType.F32
                    ? Ops.mv(weight, vector)
                    : LibTorch.withoutOneDnn(() -> Ops.mv(weight, vector)); // [out]
            return (bias == null ? product : product.add(bias)).view(shape); // -> [.., out]
        }
    }
}

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
        /**
         * Up to this many float32 rows are multiplied one by one on the CPU. A matrix times a vector runs at the speed of memory,
         * while OpenBLAS repacks the matrix for any other product and takes as long as five vectors. oneDNN, which multiplies
         * bfloat16, is slower for one row only.
         */
        private static final int FEW_ROWS = 4;

        @Override
        public Tensor forward(Tensor x) {
            long rows = x.elements() / weight.size(1);
            long few = weight.dtype() == DType.F32 ? FEW_ROWS : 1;
            if (rows >= 1 && rows <= few && weight.device().isCpu()) {
                return rowByRow(x, (int) rows);
            }
            return bias == null ? Ops.linear(x, weight) : Ops.linear(x, weight, bias);
        }

        private Tensor rowByRow(Tensor x, int rows) {
            long[] shape = x.shape();
            shape[shape.length - 1] = weight.size(0);
            Tensor vectors = x.reshape(rows, weight.size(1)); // [.., in] -> [rows, in]
            Tensor[] products = new Tensor[rows];
            for (int row = 0; row < rows; row++) {
                products[row] = product(vectors.select(0, row)); // [in] -> [out]
            }
            Tensor all = rows == 1 ? products[0] : Ops.stack(0, products); // -> [rows, out]
            return (bias == null ? all : all.add(bias)).view(shape); // -> [.., out]
        }

        /** oneDNN would reorder a bfloat16 matrix first. */
        private Tensor product(Tensor vector) {
            return weight.dtype() == DType.F32
                    ? Ops.mv(weight, vector)
                    : LibTorch.withoutOneDnn(() -> Ops.mv(weight, vector));
        }
    }
}

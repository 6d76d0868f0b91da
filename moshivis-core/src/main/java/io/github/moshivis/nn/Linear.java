package io.github.moshivis.nn;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.DenseProducts;
import io.github.moshivis.tensor.Epilogue;
import io.github.moshivis.tensor.KernelProgram;
import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.LibTorch;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Tensor;

/** A matrix product with fixed weights; nearly all time is spent here. */
public interface Linear {
    /**
     * Multiplies.
     *
     * @param x [.., in]
     * @return [.., out]
     */
    Tensor forward(Tensor x);

    /**
     * Multiplies, and applies what follows: in the same pass where the product has a kernel that can.
     *
     * @param x [.., in]
     * @param epilogue what follows
     * @return [.., out]
     */
    default Tensor forward(Tensor x, Epilogue epilogue) {
        return epilogue.apply(forward(x));
    }

    /** Returns whether {@link #record} takes rows of a type. */
    default boolean isRecorded(DType dtype, long rows) {
        return false;
    }

    /** Returns the number of results of a row, where {@link #isRecorded} allows. */
    default long out() {
        throw new UnsupportedOperationException("A product without kernels has no place in a program");
    }

    /**
     * Appends the product to a program, where {@link #isRecorded} allows.
     *
     * @param program takes it
     * @param x [.., in], contiguous
     * @param y [.., out] in the type of x, takes the result
     */
    default void record(KernelProgram program, Tensor x, Tensor y) {
        throw new UnsupportedOperationException("A product without kernels has no place in a program");
    }

    /** Returns whether {@link #record} takes what follows as well. */
    default boolean recordsEpilogues() {
        return false;
    }

    /**
     * Appends the product and what follows to a program, where {@link #isRecorded} and {@link #recordsEpilogues} allow.
     *
     * @param program takes it
     * @param x [.., in], contiguous or {@linkplain Tensor#windows windows}
     * @param y [.., out], contiguous, takes the result
     * @param epilogue what follows; its residual may be y
     */
    default void record(KernelProgram program, Tensor x, Tensor y, Epilogue epilogue) {
        throw new UnsupportedOperationException("A product without kernels has no place in a program");
    }

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
     * @param bias [out], or null for none; not owned
     * @return the layer
     */
    static Linear of(Tensor weight, Tensor bias) {
        return new Dense(weight, bias);
    }

    /**
     * A product with weights that are laid out for it.
     *
     * @param matrix not owned
     * @return the layer
     */
    static Linear of(PackedMatrix matrix) {
        return new Packed(matrix);
    }

    /** Weights that are laid out; takes and gives the type of x, whatever its kernel computes in. */
    record Packed(PackedMatrix matrix) implements Linear {
        @Override
        public Tensor forward(Tensor x) {
            return matrix.multiply(x);
        }

        @Override
        public Tensor forward(Tensor x, Epilogue epilogue) {
            return matrix.multiply(x, epilogue);
        }

        @Override
        public long out() {
            return matrix.out();
        }

        @Override
        public boolean isRecorded(DType dtype, long rows) {
            return matrix.isRecorded(dtype);
        }

        @Override
        public void record(KernelProgram program, Tensor x, Tensor y) {
            matrix.record(program, x, y);
        }

        @Override
        public boolean recordsEpilogues() {
            return matrix.recordsEpilogues();
        }

        @Override
        public void record(KernelProgram program, Tensor x, Tensor y, Epilogue epilogue) {
            matrix.record(program, x, y, epilogue);
        }
    }

    /** Weights in their own type. */
    record Dense(Tensor weight, Tensor bias) implements Linear {
        /**
         * Up to this many float32 rows are multiplied one by one on the CPU. A matrix times a vector runs at the speed of memory,
         * while OpenBLAS repacks the matrix for any other product and takes as long as five vectors. oneDNN, which multiplies
         * bfloat16, is slower for one row only.
         */
        private static final int FEW_ROWS = 4;

        /** Smaller matrices, in bytes, are not worth sharing between threads. */
        private static final long SHARED = 1 << 18;

        /** Larger ones, in bytes, are cut into more pieces than threads, so that a thread that is held up does fewer. */
        private static final long LARGE = 1 << 23;

        @Override
        public Tensor forward(Tensor x) {
            if (DenseProducts.fits(weight, x)) {
                return DenseProducts.multiply(weight, bias, x);
            }
            if (!weight.device().isCpu()) {
                return bias == null ? Ops.linear(x, weight) : Ops.linear(x, weight, bias);
            }
            long rows = x.elements() / weight.size(1);
            Tensor product = rows == 1
                    ? vector(x.reshape(weight.size(1))) // [.., in] -> [in] -> [out]
                    : matrix(x.reshape(rows, weight.size(1))); // [.., in] -> [n, in] -> [n, out]
            return (bias == null ? product : product.addInPlace(bias))
                    .view(x.shapeWithLast(weight.size(0))); // -> [.., out]
        }

        @Override
        public long out() {
            return weight.size(0);
        }

        @Override
        public boolean isRecorded(DType dtype, long rows) {
            return DenseProducts.isRecorded(weight, bias, dtype, rows);
        }

        @Override
        public void record(KernelProgram program, Tensor x, Tensor y) {
            DenseProducts.record(program, weight, bias, x, y);
        }

        private Tensor matrix(Tensor x) {
            long few = weight.dtype() == DType.F32 ? FEW_ROWS : 1;
            if (x.size(0) <= few) {
                Tensor[] products = new Tensor[(int) x.size(0)];
                for (int row = 0; row < products.length; row++) {
                    products[row] = vector(x.select(0, row));
                }
                return Ops.stack(0, products);
            }
            Tensor result = Tensor.empty(x.dtype(), x.device(), x.size(0), weight.size(0));
            if (weight.bytes() >= SHARED) {
                share((from, length) -> Ops.mm(x, rows(from, length).transpose(0, 1), result.narrow(1, from, length)));
            } else {
                Tensor turned = weight.transpose(0, 1); // [out, in] -> [in, out]
                KernelThreads.split(
                        x.size(0),
                        1,
                        (from, length) -> Ops.mm(x.narrow(0, from, length), turned, result.narrow(0, from, length)));
            }
            return result;
        }

        private Tensor vector(Tensor vector) {
            Tensor result = Tensor.empty(vector.dtype(), vector.device(), weight.size(0));
            Runnable all =
                    () -> share((from, length) -> Ops.mv(rows(from, length), vector, result.narrow(0, from, length)));
            if (weight.dtype() == DType.BF16) {
                LibTorch.withoutOneDnn(all); // it would reorder the matrix first
            } else {
                all.run();
            }
            return result;
        }

        private void share(KernelThreads.Part part) {
            if (weight.bytes() < SHARED) {
                part.run(0, weight.size(0));
            } else {
                KernelThreads.split(weight.size(0), weight.bytes() < LARGE ? 1 : 2, part);
            }
        }

        private Tensor rows(long from, long length) {
            return length == weight.size(0) ? weight : weight.narrow(0, from, length);
        }
    }
}

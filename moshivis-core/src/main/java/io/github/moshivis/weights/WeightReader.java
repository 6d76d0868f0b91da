package io.github.moshivis.weights;

import io.github.moshivis.nn.Linear;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.quant.GroupedWeights;
import io.github.moshivis.weights.quant.MatrixForm;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A view of a {@link WeightSource}: names under a prefix, read as one type. The source owns all results.
 *
 * @param weights the source
 * @param prefix prefix of all names: empty, or ending in a dot
 * @param dtype the type that tensors are converted to where they are stored in another
 * @param form how the matrices of products are held
 * @param use use of the tensors in a step
 */
public record WeightReader(WeightSource weights, String prefix, DType dtype, MatrixForm form, TensorUse use) {
    /** The names under a further prefix, given without its dot. */
    public WeightReader at(Object child) {
        return new WeightReader(weights, prefix + child + ".", dtype, form, use);
    }

    /** The same names, read as another type. */
    public WeightReader as(DType other) {
        return new WeightReader(weights, prefix, other, form, use);
    }

    /** The same names, with the matrices of products in another form. */
    public WeightReader in(MatrixForm other) {
        return new WeightReader(weights, prefix, dtype, other, use);
    }

    /** The same names, of tensors with a role that a step reads once. */
    public WeightReader use(TensorRole role) {
        return use(role, 1);
    }

    /** The same names, of tensors with a role that a step reads some times; see {@link TensorUse#passes}. */
    public WeightReader use(TensorRole role, int passes) {
        return new WeightReader(weights, prefix, dtype, form, new TensorUse(role, passes));
    }

    /** Returns whether there is a tensor. */
    public boolean has(String name) {
        return weights.has(prefix + name);
    }

    /** A tensor of the given shape; see {@link Weights#verify} for what happens if it is missing or wrong. */
    public Tensor tensor(String name, long... shape) {
        return weights.get(prefix + name, use, dtype, Shape.of(shape));
    }

    /** The matrix [out, in] of that name as the file quantizes it; see {@link WeightSource#grouped}. */
    public Optional<GroupedWeights> grouped(String name, long out, long in) {
        return weights.grouped(prefix + name, out, in);
    }

    /** A product with the matrix [out, in] of that name, in the reader's form where there is a product for it. */
    public Linear linear(String name, long out, long in) {
        return weights.pack(prefix + name, use, form, out, in)
                .map(Linear::of)
                .orElseGet(() -> Linear.of(tensor(name, out, in)));
    }

    /**
     * A product with a matrix that is computed from tensors, such as a kernel, and is never quantized; laid out where the reader's
     * form says so.
     *
     * @param matrix reads tensors and computes [out, in]; the tensors read for it are freed
     * @param bias [out], added to each row of a product; null for none
     * @return the product
     */
    public Linear linear(Supplier<Tensor> matrix, Tensor bias) {
        Optional<PackedMatrix> laidOut = form.isLaidOut() ? weights.layOut(use, form, matrix, bias) : Optional.empty();
        return laidOut.map(Linear::of).orElseGet(() -> Linear.of(derive(matrix), bias));
    }

    /**
     * A tensor in another form than the file's, such as a kernel laid out for a product; computed once.
     *
     * @param form reads tensors and computes another; the tensors read for it are freed, unless the result is a view of them
     * @return the result, owned by the weights
     */
    public Tensor derive(Supplier<Tensor> form) {
        return weights.derive(use, form);
    }

    /** Marks a tensor as known and not needed: {@link Weights#verify} does not report it. */
    public void skip(String name) {
        weights.skip(prefix + name);
    }

    /** Returns the device of the tensors. */
    public Device device() {
        return weights.device();
    }
}

package io.github.moshivis.weights;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.quant.GroupedWeights;
import io.github.moshivis.weights.quant.MatrixForm;
import java.util.Optional;
import java.util.function.Supplier;

/** Source of a model's tensors, under our names: a file ({@link Weights}), or nothing ({@link WeightPlan}). */
public interface WeightSource {
    /**
     * Returns whether there is a tensor that a model can do without.
     *
     * @param name our name
     * @return false too if the source only plans: what it plans has no alternatives
     */
    boolean has(String name);

    /**
     * A tensor. If it is missing or wrong, zeros of the shape take its place, and the source knows of it.
     *
     * @param name our name
     * @param use its use in a step
     * @param dtype the wanted type
     * @param shape the shape that it must have
     * @return the tensor, owned by the source and not to be written to: placeholders have a stride of zero
     */
    Tensor get(String name, TensorUse use, DType dtype, Shape shape);

    /**
     * A matrix as the file quantizes it, for callers that keep its values and scales. {@link #get} gives the same matrix in plain numbers.
     *
     * @param name our name
     * @param out its rows
     * @param in its columns
     * @return tensors on the source's device that belong to the open scope, not to the source; empty if the file does not quantize
     *     this matrix in groups, has it missing or wrong, or the source only plans: then ask for it with {@link #get}
     */
    Optional<GroupedWeights> grouped(String name, long out, long in);

    /**
     * A matrix in a form of few bits, computed once.
     *
     * @param name our name
     * @param use its use in a step
     * @param form how it is to be held
     * @param out its rows
     * @param in its columns
     * @return the matrix, owned by the source; empty if it is to be used as {@link #get} gives it, because the form says so or has no
     *     product for these sizes, or because the source only plans
     */
    Optional<PackedMatrix> pack(String name, TensorUse use, MatrixForm form, long out, long in);

    /**
     * A matrix that is computed from tensors, such as a kernel, laid out for products with float32 numbers.
     *
     * @param use its use in a step
     * @param form a laid-out form
     * @param matrix reads tensors and computes [out, in]; the tensors read for it are freed
     * @param bias added to each row of a product, F32 [out], owned by the source; null for none
     * @return the matrix, owned by the source; empty if it is to be used as {@link #derive} gives it, because there is no layout for
     *     these sizes or because the source only plans
     */
    Optional<PackedMatrix> layOut(TensorUse use, MatrixForm form, Supplier<Tensor> matrix, Tensor bias);

    /**
     * A tensor in another form than the file's, computed once.
     *
     * @param use the result's use in a step
     * @param form reads tensors and computes another; the tensors read for it are freed, unless the result is a view of them
     * @return the result, owned by the source
     */
    Tensor derive(TensorUse use, Supplier<Tensor> form);

    /**
     * Marks a tensor as known and not needed.
     *
     * @param name our name
     */
    void skip(String name);

    /**
     * Returns the device of the tensors.
     *
     * @return the device
     */
    Device device();
}

package io.github.moshivis.tensor;

import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Gradients, by LibTorch's reverse mode. Operators that run in a scope {@linkplain Scope#openDifferentiable() for training} record
 * what they did to tensors that a gradient is wanted of; {@link #backward} goes back over the record and adds to the gradients of the
 * leaves. Stateless; a tensor's gradient is used by one thread at a time.
 */
public final class Autograd {
    private Autograd() {}

    /**
     * Says whether a gradient of a tensor is wanted.
     *
     * @param leaf a tensor that no recorded operator made
     * @param wanted true for parameters that are trained
     * @return the leaf
     */
    public static Tensor requireGradient(Tensor leaf, boolean wanted) {
        leaf.handle().set_requires_grad(wanted);
        return leaf;
    }

    /** Tells whether a gradient of a tensor is wanted, or of one that it was computed from. */
    public static boolean requiresGradient(Tensor tensor) {
        return tensor.handle().requires_grad();
    }

    /** The same elements in the same memory, without the record of how they came about. */
    public static Tensor detach(Tensor tensor) {
        return Tensor.wrap(tensor.handle().detach());
    }

    /**
     * Goes back from a scalar and frees the record.
     *
     * @param loss one element
     */
    public static void backward(Tensor loss) {
        loss.handle().backward();
    }

    /**
     * Goes back from tensors whose gradients are known, and frees the record.
     *
     * @param outputs results of recorded operators
     * @param gradients for each of them, of the same shape
     */
    public static void backward(List<Tensor> outputs, List<Tensor> gradients) {
        torch.backward(
                Ops.vector(outputs.toArray(Tensor[]::new)),
                Ops.vector(gradients.toArray(Tensor[]::new)),
                new BoolOptional(),
                false,
                new TensorVector());
    }

    /**
     * Returns the sum at a leaf since its gradient was cleared.
     *
     * @param leaf a tensor of which a gradient is wanted
     * @return a view of it; null if nothing reached the leaf
     */
    public static Tensor gradient(Tensor leaf) {
        org.bytedeco.pytorch.Tensor gradient = leaf.handle().grad();
        return gradient.defined()
                ? Tensor.wrap(new org.bytedeco.pytorch.Tensor(gradient))
                : null; // the leaf's own may change
    }

    /**
     * Adds to the gradient of a leaf.
     *
     * @param leaf a tensor of which a gradient is wanted
     * @param gradient of the same shape; copied where the leaf has none yet
     */
    public static void addGradient(Tensor leaf, Tensor gradient) {
        org.bytedeco.pytorch.Tensor present = leaf.handle().mutable_grad();
        if (present.defined()) {
            present.add_(gradient.handle());
        } else {
            present.put(gradient.handle().clone());
        }
    }

    /** Frees the gradient of a leaf, as before the first {@link #backward}. */
    public static void clearGradient(Tensor leaf) {
        leaf.handle().mutable_grad().reset();
    }

    /**
     * Computes without a record, in a scope for training.
     *
     * @param work what to compute
     * @param <T> type of the result
     * @return the result, which no gradient goes through
     */
    public static <T> T withoutGradient(Supplier<T> work) {
        AutoGradMode off = new AutoGradMode(false);
        try {
            return work.get();
        } finally {
            off.deallocate(); // now, not at the end of the scope: its end switches the record on again
        }
    }
}

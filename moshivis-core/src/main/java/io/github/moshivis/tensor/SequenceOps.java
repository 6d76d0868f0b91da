package io.github.moshivis.tensor;

import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Operators of whole sequences for {@link Autograd}, beside those of {@link Ops} and {@link Tensor} that write to no argument. Stateless.
 */
public final class SequenceOps {
    private static final long NO_REDUCTION = 0;
    private static final long IGNORE_NOTHING = -100;
    private static final long[] ONE = {1};
    private static final long[] ZERO = {0};

    private SequenceOps() {}

    // ---- element by element ----

    /** x * sigmoid(x). */
    public static Tensor silu(Tensor x) {
        return Tensor.wrap(torch.silu(x.handle()));
    }

    /** max(x, 0). */
    public static Tensor relu(Tensor x) {
        return Tensor.wrap(x.handle().relu());
    }

    /** 1 / (1 + exp(-x)). */
    public static Tensor sigmoid(Tensor x) {
        return Tensor.wrap(x.handle().sigmoid());
    }

    /** x for x > 0, else exp(x) - 1. */
    public static Tensor elu(Tensor x) {
        return Tensor.wrap(torch.elu(x.handle()));
    }

    /** The natural logarithm. */
    public static Tensor log(Tensor x) {
        return Tensor.wrap(x.handle().log());
    }

    /** The square root. */
    public static Tensor sqrt(Tensor x) {
        return Tensor.wrap(x.handle().sqrt());
    }

    // ---- all elements ----

    /** The sum of all elements, []. */
    public static Tensor sum(Tensor x) {
        return Tensor.wrap(x.handle().sum());
    }

    /** The mean of all elements, []. */
    public static Tensor mean(Tensor x) {
        return Tensor.wrap(x.handle().mean());
    }

    // ---- along a dimension ----

    /** Entries of a dimension by their numbers I64 [n], which may repeat. */
    public static Tensor indexSelect(Tensor x, int dimension, Tensor index) {
        return Tensor.wrap(x.handle().index_select(dimension, index.handle()));
    }

    /** A dimension cut into entries, which lose it: views whose gradients are put together at once. */
    public static Tensor[] unbind(Tensor x, int dimension) {
        TensorVector parts = x.handle().unbind(dimension);
        Tensor[] tensors = new Tensor[(int) parts.size()];
        for (int i = 0; i < tensors.length; i++) {
            tensors[i] = Tensor.wrap(new org.bytedeco.pytorch.Tensor(parts.get(i))); // the vector's own ends with it
        }
        return tensors;
    }

    /** The last dimension with zeros before and after it. */
    public static Tensor pad(Tensor x, long before, long after) {
        return before == 0 && after == 0 ? x : Tensor.wrap(torch.constant_pad_nd(x.handle(), before, after));
    }

    /** Windows of {@code size} elements every {@code step} of the last dimension: [.., T] -> [.., windows, size]. */
    public static Tensor frames(Tensor x, long size, long step) {
        return Tensor.wrap(x.handle().unfold(-1, size, step));
    }

    /** Magnitudes of the Fourier transform of the last dimension, [.., n] -> [.., n / 2 + 1]; never quite 0, where it has no slope. */
    public static Tensor spectrum(Tensor x) {
        org.bytedeco.pytorch.Tensor parts = torch.view_as_real(torch.fft_rfft(x.handle())); // [.., n / 2 + 1, 2]
        Tensor power = Tensor.wrap(parts.square().sum(-1));
        return sqrt(power.add(1e-10));
    }

    // ---- layers ----

    /**
     * The negative logarithm of the softmax at a target, for each row.
     *
     * @param logits F32 [n, entries]
     * @param targets I64 [n]
     * @return F32 [n]
     */
    public static Tensor crossEntropy(Tensor logits, Tensor targets) {
        return Tensor.wrap(torch.cross_entropy_loss(
                logits.handle(), targets.handle(), Constants.NO_TENSOR, NO_REDUCTION, IGNORE_NOTHING, 0.0));
    }

    /**
     * A convolution over time without padding.
     *
     * @param x [B, C, T]
     * @param kernel [out, C, K]
     * @param bias [out], or null for none
     * @param stride steps of x for one of the result
     * @return [B, out, (T - K) / stride + 1]
     */
    public static Tensor convolution(Tensor x, Tensor kernel, Tensor bias, long stride) {
        return Tensor.wrap(
                torch.conv1d(x.handle(), kernel.handle(), optional(bias), new long[] {stride}, ZERO, ONE, 1));
    }

    /**
     * A transposed convolution over time.
     *
     * @param x [B, C, T]
     * @param kernel [C, out / groups, K]
     * @param bias [out], or null for none
     * @param stride steps of the result for one of x
     * @param groups into how many groups channels are divided that do not mix
     * @return [B, out, (T - 1) stride + K]
     */
    public static Tensor transposedConvolution(Tensor x, Tensor kernel, Tensor bias, long stride, long groups) {
        return Tensor.wrap(torch.conv_transpose1d(
                x.handle(), kernel.handle(), optional(bias), new long[] {stride}, ZERO, ZERO, groups, ONE));
    }

    private static TensorOptional optional(Tensor tensor) {
        return tensor == null ? Constants.NO_TENSOR : new TensorOptional(tensor.handle());
    }
}

package io.github.moshivis.tensor;

import java.util.Arrays;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Operators that are not methods of {@link Tensor}: activations, reductions, look-ups, attention. Stateless. */
public final class Ops {
    private Ops() {}

    // ---- element by element ----

    /** x for x > 0, else exp(x) - 1, into result of the same shape, which may be x. */
    public static void elu(Tensor x, Tensor result) {
        torch.elu_out(result.handle(), x.handle());
    }

    /** x times the normal distribution function of x, exact (erf). */
    public static Tensor geluErf(Tensor x) {
        return Tensor.wrap(torch.gelu(x.handle(), "none"));
    }

    /** x times the normal distribution function of x, approximated by tanh. */
    public static Tensor geluTanh(Tensor x) {
        return Tensor.wrap(torch.gelu(x.handle(), "tanh"));
    }

    /** Returns whether two tensors of one shape have the same numbers; NaN is equal to nothing. */
    public static boolean equal(Tensor a, Tensor b) {
        return a.handle().equal(b.handle());
    }

    /** x * x. */
    public static Tensor square(Tensor x) {
        return Tensor.wrap(x.handle().square());
    }

    /** 1 / sqrt(x). */
    public static Tensor rsqrt(Tensor x) {
        return Tensor.wrap(x.handle().rsqrt());
    }

    /** Integer x mod a positive divisor, never negative. */
    public static Tensor remainder(Tensor x, long divisor) {
        return Tensor.wrap(x.handle().remainder(Constants.scalar(divisor)));
    }

    /** max(x, least). */
    public static Tensor clampMin(Tensor x, double least) {
        return Tensor.wrap(x.handle().clamp_min(Constants.scalar(least)));
    }

    /** max(x, least) for integers. */
    public static Tensor clampMin(Tensor x, long least) {
        return Tensor.wrap(x.handle().clamp_min(Constants.scalar(least)));
    }

    /** Magnitudes. */
    public static Tensor abs(Tensor x) {
        return Tensor.wrap(x.handle().abs());
    }

    /** To the nearest integers, in the type of x; halves to even ones. */
    public static Tensor round(Tensor x) {
        return Tensor.wrap(x.handle().round());
    }

    /** min(max(x, least), most). */
    public static Tensor clamp(Tensor x, double least, double most) {
        return Tensor.wrap(torch.clamp(
                x.handle(), new ScalarOptional(Constants.scalar(least)), new ScalarOptional(Constants.scalar(most))));
    }

    /** Numbers as they are, and zeros in place of those that are not numbers. */
    public static Tensor nanToZero(Tensor x) {
        return Tensor.wrap(torch.nan_to_num(x.handle()));
    }

    // ---- comparing and choosing ----

    /** {@code x <= y}; BOOL. */
    public static Tensor lessOrEqual(Tensor x, Tensor y) {
        return Tensor.wrap(x.handle().le(y.handle()));
    }

    /** x >= value; BOOL. */
    public static Tensor atLeast(Tensor x, long value) {
        return Tensor.wrap(x.handle().ge(Constants.scalar(value)));
    }

    /** {@code x < y}; BOOL. */
    public static Tensor less(Tensor x, Tensor y) {
        return Tensor.wrap(x.handle().lt(y.handle()));
    }

    /** x != value; BOOL. */
    public static Tensor notEqual(Tensor x, long value) {
        return Tensor.wrap(x.handle().ne(Constants.scalar(value)));
    }

    /** Logical or of BOOL tensors. */
    public static Tensor or(Tensor x, Tensor y) {
        return Tensor.wrap(x.handle().logical_or(y.handle()));
    }

    /** Logical and of BOOL tensors. */
    public static Tensor and(Tensor x, Tensor y) {
        return Tensor.wrap(x.handle().logical_and(y.handle()));
    }

    /** From yes where condition (BOOL) holds, else from no; what is not chosen may even be NaN. */
    public static Tensor where(Tensor condition, Tensor yes, Tensor no) {
        return Tensor.wrap(torch.where(condition.handle(), yes.handle(), no.handle()));
    }

    /** From yes where condition (BOOL) holds, else a number. */
    public static Tensor where(Tensor condition, Tensor yes, double no) {
        return Tensor.wrap(torch.where(condition.handle(), yes.handle(), Constants.scalar(no)));
    }

    // ---- along a dimension ----

    /** Mean along one dimension, which is kept with size 1. */
    public static Tensor mean(Tensor x, int dimension) {
        return Tensor.wrap(x.handle().mean(new long[] {dimension}, true, Constants.NO_TYPE));
    }

    /** The largest element along one dimension, which is kept with size 1. */
    public static Tensor max(Tensor x, int dimension) {
        return Tensor.wrap(x.handle().amax(new long[] {dimension}, true));
    }

    /** The largest magnitude along the last dimension, which is kept with size 1; F32, NaN if an element is. */
    static Tensor largestMagnitude(Tensor x) {
        return Tensor.wrap(torch.linalg_vector_norm(
                x.handle(), Constants.scalar(Double.POSITIVE_INFINITY), new long[] {-1}, true, Constants.FLOAT));
    }

    /** The smallest element along one dimension, which is kept with size 1. */
    public static Tensor min(Tensor x, int dimension) {
        return Tensor.wrap(x.handle().amin(new long[] {dimension}, true));
    }

    /** Unbiased variance along one dimension, which is kept with size 1. */
    public static Tensor variance(Tensor x, int dimension) {
        return Tensor.wrap(x.handle().var(new long[] {dimension}, true, true));
    }

    /** Sum along one dimension, which is kept with size 1. */
    public static Tensor sum(Tensor x, int dimension) {
        return Tensor.wrap(x.handle().sum(new long[] {dimension}, true, Constants.NO_TYPE));
    }

    /** For each element the sum of those up to it along one dimension. */
    public static Tensor cumulativeSum(Tensor x, int dimension) {
        return Tensor.wrap(x.handle().cumsum(dimension));
    }

    /** Exponentials that sum to one along the last dimension. */
    public static Tensor softmax(Tensor x) {
        return Tensor.wrap(torch.softmax(x.handle(), -1));
    }

    /** Returns the index of the largest element in the last dimension, the first one if there are several. [.., n] -> I64 [..]. */
    public static Tensor argmax(Tensor x) {
        return Tensor.wrap(torch.argmax(x.handle(), Constants.LAST, false));
    }

    /**
     * The largest elements of the last dimension in descending order.
     *
     * @param values [.., k]
     * @param indices where they were, I64 [.., k]
     */
    public record TopK(Tensor values, Tensor indices) {}

    /** The k largest elements of the last dimension. */
    public static TopK topK(Tensor x, long k) {
        T_TensorTensor_T pair = torch.topk(x.handle(), k, -1, true, true);
        return new TopK(Tensor.wrap(pair.get0()), Tensor.wrap(pair.get1()));
    }

    /** Tensors joined along a dimension. */
    public static Tensor cat(int dimension, Tensor... parts) {
        return Tensor.wrap(torch.cat(vector(parts), dimension));
    }

    /** Tensors joined along a new dimension. */
    public static Tensor stack(int dimension, Tensor... parts) {
        return Tensor.wrap(torch.stack(vector(parts), dimension));
    }

    static TensorVector vector(Tensor... parts) {
        org.bytedeco.pytorch.Tensor[] handles = new org.bytedeco.pytorch.Tensor[parts.length];
        for (int i = 0; i < parts.length; i++) {
            handles[i] = parts[i].handle();
        }
        return new TensorVector(handles);
    }

    // ---- looking up ----

    /** Elements of x at the places that index (I64, the result's shape) names along a dimension. */
    public static Tensor gather(Tensor x, int dimension, Tensor index) {
        return Tensor.wrap(x.handle().gather(dimension, index.handle()));
    }

    /** Rows of a table [n, D] for ids I64 [..] -> [.., D]. */
    public static Tensor embedding(Tensor table, Tensor ids) {
        return Tensor.wrap(torch.embedding(table.handle(), ids.handle()));
    }

    // ---- layers ----

    /** x [.., in] times weight [out, in] transposed -> [.., out]. */
    public static Tensor linear(Tensor x, Tensor weight) {
        return Tensor.wrap(torch.linear(x.handle(), weight.handle()));
    }

    /** x [.., in] times weight [out, in] transposed, plus bias [out] -> [.., out]. */
    public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        return Tensor.wrap(torch.linear(x.handle(), weight.handle(), new TensorOptional(bias.handle())));
    }

    /** Matrix [out, in] times vector [in] -> [out]. */
    public static Tensor mv(Tensor matrix, Tensor vector) {
        return Tensor.wrap(matrix.handle().mv(vector.handle()));
    }

    /** Matrix [out, in] times vector [in], into result [out]. */
    public static void mv(Tensor matrix, Tensor vector, Tensor result) {
        torch.mv_out(result.handle(), matrix.handle(), vector.handle());
    }

    /** a [n, k] times b [k, m], into result [n, m]. */
    public static void mm(Tensor a, Tensor b, Tensor result) {
        torch.mm_out(result.handle(), a.handle(), b.handle());
    }

    /** x * weight / sqrt(mean of squares + epsilon) over the last dimension, with weight [D]. */
    public static Tensor rmsNorm(Tensor x, Tensor weight, double epsilon) {
        if (x.device().isCpu()) { // where LibTorch's takes twice as long: eight operators that keep their results
            org.bytedeco.pytorch.Tensor scale = torch.linalg_vector_norm(
                    x.handle(), Constants.scalar(2.0), new long[] {-1}, true, Constants.NO_TYPE); // [.., D] -> [.., 1]
            scale.square_().mul_(Constants.scalar(1.0 / weight.size(0))).add_(Constants.scalar(epsilon));
            return Tensor.wrap(x.handle().mul(scale.rsqrt_())).mulInPlace(weight);
        }
        return Tensor.wrap(torch.rms_norm(
                x.handle(),
                new long[] {weight.size(0)},
                new TensorOptional(weight.handle()),
                Constants.optional(epsilon)));
    }

    /** x = max(x, 0); returns x. */
    public static Tensor reluInPlace(Tensor x) {
        x.handle().relu_();
        return x;
    }

    /** x = 1 / (1 + exp(-x)); returns x. */
    public static Tensor sigmoidInPlace(Tensor x) {
        x.handle().sigmoid_();
        return x;
    }

    /** x = 1 / sqrt(x); returns x. */
    public static Tensor rsqrtInPlace(Tensor x) {
        x.handle().rsqrt_();
        return x;
    }

    /** x = x * sigmoid(x); returns x. */
    public static Tensor siluInPlace(Tensor x) {
        torch.silu_(x.handle());
        return x;
    }

    /** Layer norm over the last dimension, with weight and bias [D]. */
    public static Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
        return Tensor.wrap(torch.layer_norm(
                x.handle(),
                new long[] {weight.size(0)},
                new TensorOptional(weight.handle()),
                new TensorOptional(bias.handle()),
                epsilon,
                false));
    }

    /**
     * softmax(q k^T / sqrt(D)) v.
     *
     * @param query [B, H, N, D]
     * @param keys [B, H, T, D]
     * @param values [B, H, T, D]
     * @param mask BOOL, true where a key is seen, or {@link #additiveMask}, broadcast to [B, H, N, T]; null if all are seen
     * @return [B, H, N, D]
     */
    public static Tensor attention(Tensor query, Tensor keys, Tensor values, Tensor mask) {
        TensorOptional optionalMask = mask == null ? Constants.NO_TENSOR : new TensorOptional(mask.handle());
        return Tensor.wrap(torch.scaled_dot_product_attention(
                query.handle(), keys.handle(), values.handle(), optionalMask, 0.0, false, Constants.NO_DOUBLE, false));
    }

    /** Returns the term that masks scores of keys: 0 where a BOOL mask is true, else minus infinity. */
    public static Tensor additiveMask(Tensor mask, DType dtype) {
        return where(mask, Tensor.zeros(dtype, mask.device(), 1), Double.NEGATIVE_INFINITY);
    }

    /** Rotates pairs (2i, 2i+1) of the last dimension of x F32 [.., D] by angles given as unit complex numbers [.., D/2, 2]. */
    public static Tensor rotatePairs(Tensor x, Tensor rotations) {
        long[] shape = x.shape();
        long[] pairs = Arrays.copyOf(shape, shape.length + 1);
        pairs[shape.length - 1] = shape[shape.length - 1] / 2;
        pairs[shape.length] = 2;
        org.bytedeco.pytorch.Tensor rotated = torch.view_as_complex(
                        x.contiguous().view(pairs).handle())
                .mul(torch.view_as_complex(rotations.handle())); // [.., D] -> [.., D/2] complex
        return Tensor.wrap(torch.view_as_real(rotated).reshape(shape)); // -> [.., D]
    }

    /**
     * Bicubic resampling with coefficient -0.75, no antialiasing, corners not aligned.
     *
     * @param x F32 [1, C, H, W]
     * @return F32 [1, C, height, width]
     */
    public static Tensor resizeBicubic(Tensor x, long height, long width) {
        return Tensor.wrap(torch.upsample_bicubic2d(
                x.handle(), new long[] {height, width}, false, Constants.NO_DOUBLE, Constants.NO_DOUBLE));
    }
}

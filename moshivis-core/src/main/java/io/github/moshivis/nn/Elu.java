package io.github.moshivis.nn;

import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/** x for x > 0, else exp(x) - 1: the activation between convolutions, whose exponentials threads share on the CPU. */
public final class Elu {
    /** Fewer elements are computed faster than threads are told to share them. */
    private static final long SHARED = 1 << 14;

    private Elu() {}

    /** Into a new tensor. */
    public static Tensor of(Tensor x) {
        return into(x, Tensor.empty(x.dtype(), x.device(), x.shape()));
    }

    /** In the place of x, contiguous; returns x. */
    public static Tensor inPlace(Tensor x) {
        return into(x, x);
    }

    private static Tensor into(Tensor x, Tensor result) {
        if (!x.device().isCpu() || x.elements() < SHARED) {
            Ops.elu(x, result);
            return result;
        }
        Tensor from = x.reshape(-1); // [..] -> [n]
        Tensor to = result.view(-1);
        KernelThreads.split(
                x.elements(), 1, (first, count) -> Ops.elu(from.narrow(0, first, count), to.narrow(0, first, count)));
        return result;
    }
}

package io.github.moshivis.tensor;

import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.kernel.PanelKernel;

/** Function that a layer applies to each number. On the CPU threads share it. */
public enum Activation {
    /** Nothing. */
    NONE,
    /** x for x > 0, else exp(x) - 1. */
    ELU,
    /** x times the normal distribution's function, by the error function. */
    GELU;

    /** Fewer elements are computed faster than threads are told to share them. */
    private static final long SHARED = 1 << 14;

    private final PanelKernel.Activation kernel = PanelKernel.Activation.valueOf(name());

    /** For kernels. */
    PanelKernel.Activation kernel() {
        return kernel;
    }

    /** Into a new tensor of the same shape. */
    public Tensor of(Tensor x) {
        return this == NONE ? x : into(x, Tensor.empty(x.dtype(), x.device(), x.shape()));
    }

    /** In the place of x, contiguous; returns x. */
    public Tensor inPlace(Tensor x) {
        return this == NONE ? x : into(x, x);
    }

    private Tensor into(Tensor x, Tensor result) {
        boolean native32 =
                x.dtype() == DType.F32 && x.isContiguous() && x.device().isCpu() && Kernels.available();
        if (native32) {
            KernelThreads.run(operator(x.address(), result.address(), x.elements()));
        } else if (!x.device().isCpu() || x.elements() < SHARED) {
            byLibTorch(x, result);
        } else {
            Tensor from = x.reshape(-1); // [..] -> [n]
            Tensor to = result.view(-1);
            KernelThreads.split(
                    x.elements(),
                    1,
                    (first, count) -> byLibTorch(from.narrow(0, first, count), to.narrow(0, first, count)));
        }
        return result;
    }

    /** {@link #byKernel} of as many numbers as threads may share. */
    KernelThreads.Operator operator(long x, long y, long count) {
        return KernelThreads.Operator.of(
                count,
                (first, part) -> byKernel(x + first * Float.BYTES, y + first * Float.BYTES, part),
                count >= SHARED);
    }

    /** Of F32 numbers at an address to another one, or to the same. */
    void byKernel(long x, long y, long count) {
        PanelKernel.activate(Kernels.instructionSet(), kernel, x, y, count);
    }

    private void byLibTorch(Tensor x, Tensor result) {
        if (this == ELU) {
            Ops.elu(x, result);
        } else {
            result.copyFrom(Ops.geluErf(x));
        }
    }
}

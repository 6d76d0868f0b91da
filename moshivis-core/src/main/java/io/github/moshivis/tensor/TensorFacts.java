package io.github.moshivis.tensor;

/**
 * Facts about a tensor that never change, asked once: an answer of LibTorch's takes as long as a small operator. Threads that ask at once get the
 * same answers.
 */
final class TensorFacts {
    private final org.bytedeco.pytorch.Tensor handle;
    private Sizes sizes;
    private DType dtype;
    private Device device;
    private Boolean contiguous;
    private long address;

    /** Sizes of all dimensions, safe to hand to another thread. */
    private record Sizes(long[] each) {}

    TensorFacts(org.bytedeco.pytorch.Tensor handle) {
        this.handle = handle;
    }

    /** Tells what is known of a fresh, contiguous tensor. */
    void know(DType type, long[] shape) {
        sizes = new Sizes(shape.clone());
        dtype = type;
        contiguous = true;
    }

    /** The sizes of all dimensions; not to be changed. */
    long[] shape() {
        Sizes known = sizes;
        if (known == null) {
            long[] each = new long[(int) handle.dim()];
            for (int i = 0; i < each.length; i++) {
                each[i] = handle.size(i);
            }
            known = new Sizes(each);
            sizes = known;
        }
        return known.each;
    }

    DType dtype() {
        DType known = dtype;
        if (known == null) {
            known = DType.of(handle.scalar_type());
            dtype = known;
        }
        return known;
    }

    Device device() {
        Device known = device;
        if (known == null) {
            known = handle.is_cpu() ? Device.CPU : Device.of(handle.device());
            device = known;
        }
        return known;
    }

    boolean isContiguous() {
        Boolean known = contiguous;
        if (known == null) {
            known = handle.is_contiguous();
            contiguous = known;
        }
        return known;
    }

    /** The address of the first element; fails if the tensor was freed. */
    long address() {
        long known = address;
        if (known == 0 || handle.isNull()) {
            known = handle.data_ptr().address();
            address = known;
        }
        return known;
    }
}

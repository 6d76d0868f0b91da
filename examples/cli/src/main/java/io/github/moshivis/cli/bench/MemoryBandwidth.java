package io.github.moshivis.cli.bench;

import io.github.moshivis.nn.Linear;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.LibTorch;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;

/** Memory bandwidth of a device, which bounds the speed of every step. */
public final class MemoryBandwidth {
    /** Several times the largest caches of desktop processors. */
    private static final long CPU_BYTES = 256L << 20;

    /** Twenty times the largest caches of data center GPUs. */
    private static final long DEVICE_BYTES = 1L << 30;

    /** Rows of the array that is read, each of half a million elements. */
    private static final int ROWS = 128;

    private static final int REPEATS = 12;

    private MemoryBandwidth() {}

    /**
     * Measures. Other programs on the machine take from it.
     *
     * @param device {@code cpu}, {@code cuda}, {@code cuda:1} or {@code mps}
     * @param threads number of reading threads on the CPU
     * @return 10^9 bytes a second: on the CPU read, elsewhere read and written by copying; the fastest of some tries
     */
    public static double measure(String device, int threads) {
        LibTorch.load();
        Device parsed = Device.parse(device);
        LibTorch.require(parsed);
        if (!parsed.isCpu()) {
            return copying(parsed);
        }
        try (KernelThreads kernelThreads = KernelThreads.start(threads)) {
            return reading();
        }
    }

    /** Reads a large array with the calling thread's helpers, by the faster of two cheap operations. */
    static double reading() {
        try (Scope scope = Scope.open()) {
            Tensor array = Tensor.full(1, DType.F32, Device.CPU, ROWS, CPU_BYTES / Float.BYTES / ROWS);
            long maximum = fastest(() ->
                    KernelThreads.split(array.size(0), 2, (from, length) -> Ops.max(array.narrow(0, from, length), 1)));
            Tensor ones = Tensor.full(1, DType.F32, Device.CPU, array.size(1));
            Linear sums = Linear.of(array);
            long sum = fastest(() -> sums.forward(ones));
            return (double) array.bytes() / Math.min(maximum, sum);
        }
    }

    private static double copying(Device device) {
        try (Scope scope = Scope.open()) {
            Tensor source = Tensor.full(1, DType.F32, device, DEVICE_BYTES / Float.BYTES);
            Tensor target = source.copy();
            long best = fastest(() -> {
                target.copyFrom(source);
                target.narrow(0, 0, 1).toFloats(); // waits for the device
            });
            return 2.0 * source.bytes() / best;
        }
    }

    private static long fastest(Runnable work) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < REPEATS; i++) {
            try (Scope scope = Scope.open()) {
                long start = System.nanoTime();
                work.run();
                best = Math.min(best, System.nanoTime() - start);
            }
        }
        return best;
    }
}

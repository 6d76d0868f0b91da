package io.github.moshivis.cli.bench;

import io.github.moshivis.nn.Linear;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.PackedMatrix;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.quant.Packing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Times products of one row and each matrix of a model, in each form of the weights, on the CPU, and compares them with the memory rate of
 * the same threads. Copies that fill {@value #WORKING_SET} bytes take turns, so that each matrix is read from memory and not from a cache.
 *
 * <p>Rates are more meaningful than times: no kernel is faster than memory. Other programs on the machine reduce both.
 */
public final class LinearBenchmark {
    /** Several times the largest caches of desktop processors. */
    private static final long WORKING_SET = 128L << 20;

    /** A prime number. */
    private static final long PERIOD = 10_007;

    private static final long WARM_UP_NANOS = 150_000_000L;

    private final int threads;
    private final int repeats;
    private final Consumer<Timing> done;

    /**
     * The time of one product.
     *
     * @param shape of the matrix
     * @param form of its weights
     * @param bestMillis the fastest
     * @param medianMillis the median
     * @param bytes bytes of the weights, including scales
     * @param bandwidth at which memory was read just before and after, the mean, 10^9 bytes a second: on some machines it changes within a
     *     minute
     */
    public record Timing(
            LinearShape shape, WeightForm form, double bestMillis, double medianMillis, long bytes, double bandwidth) {
        /**
         * Returns the rate at which the fastest product read its weights.
         *
         * @return 10^9 bytes a second
         */
        public double gigabytesPerSecond() {
            return bytes / bestMillis / 1e6;
        }
    }

    /**
     * Result of a measurement.
     *
     * @param threads number of threads
     * @param bandwidth the fastest that they read memory, 10^9 bytes a second; measured before, between and after the products
     * @param timings all products, by form and shape
     */
    public record Result(int threads, double bandwidth, List<Timing> timings) {}

    /**
     * Prepares a measurement.
     *
     * @param threads number of threads, at least 1
     * @param repeats measurements per product, at least 1
     * @param done receives each result
     */
    public LinearBenchmark(int threads, int repeats, Consumer<Timing> done) {
        if (threads < 1 || repeats < 1) {
            throw new IllegalArgumentException("A benchmark needs threads and repeats: found " + threads + " and "
                    + repeats + ", expected at least 1 of each. Correct them");
        }
        this.threads = threads;
        this.repeats = repeats;
        this.done = done;
    }

    /**
     * Measures.
     *
     * @param shapes such as {@link LinearShape#released}
     * @param forms in this order
     * @return the result
     */
    public Result run(List<LinearShape> shapes, List<WeightForm> forms) {
        List<Timing> timings = new ArrayList<>();
        try (KernelThreads kernelThreads = KernelThreads.start(threads)) {
            double bandwidth = MemoryBandwidth.reading();
            for (LinearShape shape : shapes) {
                for (WeightForm form : forms) {
                    double before = MemoryBandwidth.reading();
                    Timing timing = time(shape, form, before);
                    bandwidth = Math.max(bandwidth, before);
                    timings.add(timing);
                    done.accept(timing);
                }
                bandwidth = Math.max(bandwidth, MemoryBandwidth.reading());
            }
            return new Result(threads, bandwidth, timings);
        }
    }

    private Timing time(LinearShape shape, WeightForm form, double before) {
        List<PackedMatrix> packed = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            Tensor weight = noise(shape.out(), shape.in()).to(form.dtype());
            List<Linear> copies = new ArrayList<>();
            long bytes = 0;
            for (long all = 0; all < WORKING_SET; all += bytes) {
                Optional<PackedMatrix> matrix = Packing.pack(form.form(), weight);
                matrix.ifPresent(packed::add);
                bytes = matrix.map(PackedMatrix::bytes).orElse(weight.bytes());
                copies.add(matrix.map(Linear::of).orElseGet(() -> Linear.of(weight.copy())));
            }
            double[] millis = measure(copies, noise(1, shape.in()).to(form.dtype()));
            double rate = (before + MemoryBandwidth.reading()) / 2;
            return new Timing(shape, form, millis[0], millis[millis.length / 2], bytes, rate);
        } finally {
            packed.forEach(PackedMatrix::close);
        }
    }

    private double[] measure(List<Linear> copies, Tensor x) {
        long start = System.nanoTime();
        for (int i = 0; i < copies.size() || System.nanoTime() - start < WARM_UP_NANOS; i++) {
            Linear linear = copies.get(i % copies.size());
            millis(() -> linear.forward(x));
        }
        double[] millis = new double[Math.max(repeats, copies.size())];
        for (int i = 0; i < millis.length; i++) {
            Linear linear = copies.get(i % copies.size());
            millis[i] = millis(() -> linear.forward(x));
        }
        Arrays.sort(millis);
        return millis;
    }

    private static double millis(Runnable work) {
        try (Scope scope = Scope.open()) {
            long start = System.nanoTime();
            work.run();
            return (System.nanoTime() - start) / 1e6;
        }
    }

    /** Returns pseudo-random numbers between -1 and 1; the time of a kernel does not depend on them. */
    private static Tensor noise(long rows, long columns) {
        Tensor numbers = Ops.remainder(Tensor.arange(rows * columns, Device.CPU), PERIOD);
        return numbers.to(DType.F32).mul(2.0 / PERIOD).add(-1).view(rows, columns);
    }
}

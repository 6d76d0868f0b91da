package io.github.moshivis.tensor;

import io.github.moshivis.errors.NativeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rounding of rows to 8 bits in floating point (e4m3), each by its own largest magnitude, so that none depends on its neighbors: the
 * scale is {@code max(max|x| / 448, 1e-30)}, values are {@code x / scale} to the nearest, both computed in float32. A row with a NaN is NaN
 * throughout; with an infinity its scale is infinite, the infinite numbers become NaN and the others 0.
 *
 * <p>On NVIDIA GPUs a kernel of our own does it in one launch, bit for bit; LibTorch's operators take five. The kernel is compiled
 * when a device is first asked for, once a process, and compared with the operators there; it is not used if anything fails or differs,
 * which is logged, and {@link #describe} says why. Immutable and thread-safe.
 */
final class Fp8Rounding {
    private static final System.Logger LOG = System.getLogger(Fp8Rounding.class.getName());

    /** The largest e4m3 number. */
    private static final double LARGEST = 448;

    /** Smaller scales would have no inverse. */
    private static final double SMALLEST = 1e-30;

    private static final int THREADS = 1024;

    private static final Map<Device, Fp8Rounding> MADE = new ConcurrentHashMap<>();

    /** Null where operators do it. */
    private final CudaKernel kernel;

    private final String description;

    private Fp8Rounding(CudaKernel kernel, String description) {
        this.kernel = kernel;
        this.description = description;
    }

    /**
     * Rows in e4m3: numbers are {@code scales[r] * values[r, c]}.
     *
     * @param values F8 [n, in]
     * @param scales F32 [n, 1]
     */
    record Rounded(Tensor values, Tensor scales) {}

    /** The rounding of a device, made by the first call, which waits for the device. */
    static Fp8Rounding on(Device device) {
        return MADE.computeIfAbsent(
                device,
                key -> key.kind() == Device.Kind.CUDA
                        ? withKernel(key)
                        : new Fp8Rounding(null, "LibTorch's operators"));
    }

    /** Describes how a GPU rounds, for people. Makes what is not made yet; never throws. */
    static String describe(Device gpu) {
        try {
            return Fp8Matrix.isSupported(gpu) ? on(gpu).description : "no products for it on " + gpu;
        } catch (LinkageError | RuntimeException e) {
            return "unknown: " + LibTorch.firstLine(e.toString());
        }
    }

    private static Fp8Rounding withKernel(Device device) {
        try (Scope scope = Scope.open()) {
            Fp8Rounding rounding =
                    new Fp8Rounding(CudaKernel.load(source(), "round_rows", device, THREADS), "a kernel of our own");
            rounding.requireSame(device);
            return rounding;
        } catch (LinkageError | RuntimeException e) {
            String reason = LibTorch.firstLine(e.toString());
            LOG.log(
                    Level.WARNING,
                    "Products of 8 bits on {0} round vectors by five operators in place of one kernel, which takes"
                            + " longer: {1}. The library of NVRTC, libnvrtc, is part of CUDA; docs/gpu.md has all that a GPU needs",
                    device,
                    reason);
            return new Fp8Rounding(null, "LibTorch's operators, as there is no kernel: " + reason);
        }
    }

    /** The text of the kernel. */
    static String source() {
        try (InputStream text = Fp8Rounding.class.getResourceAsStream("fp8.cu")) {
            return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares the kernel with the operators on its device. */
    private void requireSame(Device device) {
        for (DType dtype : List.of(DType.F32, DType.BF16)) {
            Tensor rows = Tensor.of(Probes.VALUES, Device.CPU, Probes.ROWS, Probes.LENGTH)
                    .to(dtype)
                    .to(device);
            Rounded ours = round(rows);
            Rounded theirs = byOperators(rows);
            if (!same(ours.values, theirs.values) || !same(ours.scales, theirs.scales)) {
                throw new NativeException("The kernel's numbers differ from the operators' for " + dtype
                        + ": found a fault, expected the same ones. Please report it with the name of the GPU");
            }
        }
    }

    /** Bit for bit; what is not a number may have any sign. */
    private static boolean same(Tensor a, Tensor b) {
        return Arrays.equals(a.toFloats(), b.toFloats());
    }

    /**
     * Rounds rows.
     *
     * @param rows floating [n, in], n at least 1; what the CPU has or is float16 is left to operators
     * @return in the open scope
     */
    Rounded round(Tensor rows) {
        boolean bfloat16 = rows.dtype() == DType.BF16;
        if (kernel == null || rows.device().isCpu() || !(bfloat16 || rows.dtype() == DType.F32)) {
            return byOperators(rows);
        }
        Tensor x = rows.contiguous();
        long count = x.size(0);
        long in = x.size(1);
        Tensor values = Tensor.empty(DType.F8, x.device(), count, in);
        Tensor scales = Tensor.empty(DType.F32, x.device(), count, 1);
        kernel.launch(Math.toIntExact(count), x.address(), bfloat16 ? 1 : 0, in, values.address(), scales.address());
        return new Rounded(values, scales);
    }

    /** The same by LibTorch, on any device. */
    static Rounded byOperators(Tensor rows) {
        Tensor largest = Ops.largestMagnitude(rows); // [n, in] -> F32 [n, 1]
        Tensor scales = Ops.clampMin(largest.mul(1 / LARGEST), SMALLEST);
        return new Rounded(rows.div(scales).to(DType.F8), scales); // a division by float32 is float32's
    }

    /** Rows that try a kernel: of many magnitudes, ties, zeros, huge and tiny ones, infinities and what is not a number. */
    static final class Probes {
        static final int ROWS = 8;

        /** No multiple of a warp, let alone a block. */
        static final int LENGTH = 3001;

        static final float[] VALUES = new float[ROWS * LENGTH];

        private static final float[] SCALES = {1, 0, 5e35f, 1e-38f, 1e-43f, 1, 1, 1};

        static {
            for (int i = 0; i < VALUES.length; i++) {
                VALUES[i] = (float) (Math.sin(1.7 * i) * Math.exp(6 * Math.sin(0.01 * i))) * SCALES[i / LENGTH];
            }
            int ties = 5 * LENGTH;
            for (int i = 0; i < LENGTH; i++) {
                VALUES[ties + i] = Math.scalb(i % 65 - 32f, i % 19 - 15); // at most 32 * 2^3
            }
            VALUES[ties] = 448; // so that the scale is 1
            VALUES[6 * LENGTH + 77] = Float.NEGATIVE_INFINITY;
            VALUES[7 * LENGTH + 2999] = Float.NaN;
        }

        private Probes() {}
    }
}

package io.github.moshivis.tensor;

import io.github.moshivis.errors.Finding;
import io.github.moshivis.errors.NativeException;
import io.github.moshivis.kernel.Kernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/**
 * Loading LibTorch, saying why it would not load, and its process-wide switches. Thread-safe.
 *
 * <p>LibTorch and the OpenBLAS inside it have a thread pool each; when both have more than one thread they spin against each other
 * and everything becomes ten times slower. So OpenBLAS is set to one thread for the process when it is loaded, LibTorch is set to
 * one for each thread while it has a {@link Scope} open, and {@link KernelThreads} share the work instead.
 */
public final class LibTorch {
    private static NativeException failure;
    private static boolean loaded;

    private LibTorch() {}

    /**
     * Loads the native libraries, once. A failure is remembered and thrown again.
     *
     * @throws NativeException if they cannot be loaded; the message holds the platform, each attempt, and what to add
     */
    public static synchronized void load() {
        if (failure != null) {
            throw new NativeException(failure.getMessage(), failure);
        }
        if (loaded) {
            return;
        }
        try {
            Loader.load(openblas.class);
            Loader.load(torch.class);
            try (PointerScope scope = new PointerScope()) { // the call makes a native object
                openblas.blas_set_num_threads(1);
            }
            loaded = true;
        } catch (LinkageError | RuntimeException e) {
            failure = new NativeException(explain(e), e);
            throw failure;
        }
    }

    private static String explain(Throwable error) {
        List<String> attempts = new ArrayList<>();
        for (Throwable t = error; t != null && attempts.size() < 8; t = t.getCause()) {
            attempts.add(firstLine(t.getClass().getSimpleName() + ": " + t.getMessage()));
            for (Throwable suppressed : t.getSuppressed()) {
                attempts.add(firstLine(suppressed.getMessage()));
            }
        }
        String platform = platform();
        Optional<String> cache = CacheProblem.advice(String.join("; ", attempts));
        if (cache.isPresent()) {
            return "LibTorch could not be loaded for platform " + platform + ": " + String.join("; ", attempts) + ". "
                    + cache.get();
        }
        return "LibTorch could not be loaded for platform " + platform + ": "
                + String.join("; ", attempts).replaceAll("\\.$", "")
                + ". Add the natives of this platform at run time: io.github.moshivis:moshivis-natives-" + platform
                + " (type pom), or org.bytedeco:pytorch, org.bytedeco:openblas and org.bytedeco:javacpp with the classifier "
                + platform
                + ", in the versions that the BOM moshivis-parent names. On the module path also --add-modules org.bytedeco.pytorch."
                + platform.replace('-', '.') + ",org.bytedeco.openblas." + platform.replace('-', '.')
                + ". For every attempt in detail run with -Dorg.bytedeco.javacpp.logger.debug=true";
    }

    /**
     * The first line of a native error, without LibTorch's stack.
     *
     * @param message a message, or null
     * @return its first line
     */
    public static String firstLine(String message) {
        return message == null ? "no message" : message.lines().findFirst().orElse("");
    }

    /**
     * The platform whose natives are looked for.
     *
     * @return such as {@code linux-x86_64}
     */
    public static String platform() {
        return Loader.Detector.getPlatform();
    }

    /**
     * The devices that LibTorch can use here.
     *
     * @return the CPU first
     */
    public static List<Device> devices() {
        load();
        List<Device> devices = new ArrayList<>();
        devices.add(Device.CPU);
        if (torch.cuda_is_available()) {
            for (int i = 0; i < torch.getNumGPUs(); i++) {
                devices.add(Device.cuda(i));
            }
        }
        if (torch.hasMPS()) {
            devices.add(Device.MPS);
        }
        return List.copyOf(devices);
    }

    /**
     * Checks that a device is there.
     *
     * @param device the device
     * @throws NativeException if LibTorch does not report it
     */
    public static void require(Device device) {
        List<Device> devices = devices();
        if (!devices.contains(device)) {
            String hint = device.kind() == Device.Kind.CUDA
                    ? "; for NVIDIA GPUs use the -gpu classifier of org.bytedeco:pytorch with CUDA and cuDNN libraries. NVIDIA GPU: "
                            + CudaDiagnosis.describe(devices)
                    : "";
            throw new NativeException("Device " + device + " cannot be used: LibTorch reports " + devices + hint);
        }
    }

    /**
     * Runs operators without oneDNN, which reorders bfloat16 weights at each call. The switch is process-wide: others who run at
     * the same time may be slower or faster meanwhile, but compute the same.
     *
     * @param operators what to run
     */
    public static void withoutOneDnn(Runnable operators) {
        torch.globalContext().setUserEnabledMkldnn(false);
        try {
            operators.run();
        } finally {
            torch.globalContext().setUserEnabledMkldnn(true);
        }
    }

    /**
     * Makes sure that JavaCPP's limit on this process's memory leaves room. The limit counts all resident memory, is four times
     * the maximum heap by default, and an allocation above it fails with an {@link OutOfMemoryError}.
     *
     * @param bytes what is going to be allocated
     * @throws NativeException if the limit is too low; the message names the property to set
     */
    public static void requireMemory(long bytes) {
        long limit = Pointer.maxPhysicalBytes();
        long needed = Pointer.physicalBytes() + bytes;
        if (limit > 0 && needed > limit) {
            throw new NativeException(
                    "Loading needs " + needed / MIB + " MiB of memory, but JavaCPP limits this process to "
                            + limit / MIB + " MiB (four times -Xmx by default). Start Java with"
                            + " -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 to lift the limit, or raise -Xmx");
        }
    }

    private static final long MIB = 1 << 20;

    /**
     * Describes the native environment: platform, versions, devices, and why LibTorch does not load. Never throws.
     *
     * @return findings in the order of a report
     */
    public static List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.fact("platform", platform()));
        findings.add(Finding.fact(
                "java", System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")"));
        findings.add(Finding.fact("java heap limit", Runtime.getRuntime().maxMemory() / MIB + " MiB"));
        findings.add(Finding.fact("products on the CPU", Kernels.describe()));
        try {
            load();
            findings.add(Finding.fact("javacpp", version("org.bytedeco", "javacpp")));
            findings.add(Finding.fact("pytorch", version("org.bytedeco", "pytorch")));
            findings.add(Finding.fact("openblas", version("org.bytedeco", "openblas")));
            findings.add(Finding.fact(
                    "loaded from", String.valueOf(Loader.getLoadedLibraries().get("jnitorch"))));
            findings.add(Finding.fact("devices", devices().toString()));
            findings.add(Finding.fact("NVIDIA GPU", CudaDiagnosis.describe(devices())));
            for (Device device : devices()) {
                if (device.kind() == Device.Kind.CUDA) {
                    findings.add(Finding.fact("8-bit vectors, " + device.index(), Fp8Rounding.describe(device)));
                }
            }
            long limit = Pointer.maxPhysicalBytes();
            findings.add(Finding.fact(
                    "javacpp memory limit", limit == 0 ? "none" : limit / MIB + " MiB (maxPhysicalBytes)"));
            findings.add(Finding.fact(
                    "memory in use", Pointer.physicalBytes() / MIB + " MiB of " + Pointer.totalPhysicalBytes() / MIB));
            findings.add(Finding.fact(
                    "threads",
                    "LibTorch " + torch.get_num_threads() + ", OpenBLAS " + openblas.blas_get_num_threads()));
        } catch (NativeException e) {
            findings.add(Finding.fact("NVIDIA GPU", CudaDiagnosis.describe(List.of())));
            findings.add(Finding.failure("LibTorch", "not loaded: " + e.getMessage()));
        }
        return findings;
    }

    private static String version(String group, String artifact) {
        try {
            return Loader.getVersion(group, artifact);
        } catch (IOException e) {
            return "unknown (" + e.getMessage() + ")";
        }
    }
}

package io.github.moshivis.tensor;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A report on NVIDIA GPUs for people: the devices, or what is missing for them. Looks at files only, so that it works where nothing loads. */
final class CudaDiagnosis {
    private static final String DRIVER = "libcuda.so.1";

    /** The libraries that LibTorch 2.10 for CUDA 13.1 is linked with, and NVRTC, which it and our own kernels load when they compile. */
    private static final List<String> LIBRARIES = List.of(
            "libcudart.so.13",
            "libcublas.so.13",
            "libcublasLt.so.13",
            "libcudnn.so.9",
            "libcufft.so.12",
            "libcurand.so.10",
            "libcusparse.so.12",
            "libcusolver.so.12",
            "libcufile.so.0",
            "libcupti.so.13",
            "libnccl.so.2",
            "libnvrtc.so.13");

    private static final List<String> SYSTEM_FOLDERS = List.of(
            "/usr/local/cuda/lib64",
            "/usr/local/nvidia/lib64",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib64",
            "/usr/lib/wsl/lib",
            "/lib/x86_64-linux-gnu");

    private CudaDiagnosis() {}

    /**
     * Describes the state.
     *
     * @param devices the devices that LibTorch reports; empty if it is not loaded
     * @return one line
     */
    static String describe(List<Device> devices) {
        List<Device> gpus = devices.stream()
                .filter(device -> device.kind() == Device.Kind.CUDA)
                .toList();
        if (!gpus.isEmpty()) {
            return gpus.size() + " usable";
        }
        if (!hasNatives(CudaDiagnosis.class.getClassLoader())) {
            return "none: LibTorch's natives are for the CPU; for a GPU take moshivis-natives-" + LibTorch.platform()
                    + "-gpu";
        }
        String missing = String.join("; ", missing(folders(), Path.of("/")));
        return "none: LibTorch's natives are for CUDA"
                + (missing.isEmpty() ? ", but it reports no device" : ". Missing: " + missing);
    }

    /** Returns whether a class loader has LibTorch's natives for CUDA. */
    static boolean hasNatives(ClassLoader jars) {
        String library = System.mapLibraryName("jnitorch");
        return jars.getResource("org/bytedeco/pytorch/" + LibTorch.platform() + "-gpu/" + library) != null;
    }

    /**
     * Finds what Linux lacks for CUDA.
     *
     * @param folders where libraries are looked for
     * @param root of the file system
     * @return for people; empty if everything was found, or on another system
     */
    static List<String> missing(List<Path> folders, Path root) {
        List<String> missing = new ArrayList<>();
        if (!LibTorch.platform().startsWith("linux")) {
            return missing;
        }
        boolean hasDevice = Files.exists(root.resolve("dev/nvidiactl")) || Files.exists(root.resolve("dev/dxg"));
        if (!hasDevice) {
            missing.add(
                    "a device (no /dev/nvidiactl: no NVIDIA GPU here, no kernel driver, or a container without access to it)");
        }
        if (!isThere(DRIVER, folders)) {
            missing.add("NVIDIA's driver (" + DRIVER + ")");
        }
        List<String> libraries =
                LIBRARIES.stream().filter(name -> !isThere(name, folders)).toList();
        if (!libraries.isEmpty()) {
            missing.add("of CUDA 13 and cuDNN 9: " + String.join(", ", libraries)
                    + " (see LD_LIBRARY_PATH and docs/gpu.md)");
        }
        return missing;
    }

    private static boolean isThere(String name, List<Path> folders) {
        return folders.stream().anyMatch(folder -> Files.exists(folder.resolve(name)));
    }

    private static List<Path> folders() {
        String configured = System.getenv().getOrDefault("LD_LIBRARY_PATH", "");
        return Stream.of(
                        Stream.of(configured.split(File.pathSeparator)),
                        Stream.of(System.getProperty("java.library.path", "").split(File.pathSeparator)),
                        SYSTEM_FOLDERS.stream())
                .flatMap(folders -> folders)
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .toList();
    }
}

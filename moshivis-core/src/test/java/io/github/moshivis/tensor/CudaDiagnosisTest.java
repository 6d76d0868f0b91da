package io.github.moshivis.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaDiagnosisTest {
    @TempDir
    Path root;

    @Test
    void nativesForTheCpuAreNamedAsSuch() {
        assumeTrue(!CudaDiagnosis.hasNatives(getClass().getClassLoader()), "these are for CUDA");
        assertThat(CudaDiagnosis.describe(List.of(Device.CPU)))
                .startsWith("none")
                .contains("-gpu");
        assertThat(LibTorch.findings().toString()).contains("NVIDIA GPU:");
    }

    @Test
    void nativesForCudaAreFoundInAJar() throws IOException {
        Path folder = root.resolve("org/bytedeco/pytorch/" + LibTorch.platform() + "-gpu");
        Files.createDirectories(folder);
        Files.createFile(folder.resolve(System.mapLibraryName("jnitorch")));
        try (URLClassLoader jars = new URLClassLoader(new URL[] {root.toUri().toURL()}, null)) {
            assertThat(CudaDiagnosis.hasNatives(jars)).isTrue();
        }
    }

    @Test
    void whatLinuxLacksIsListedUntilItIsThere() throws IOException {
        assumeTrue(LibTorch.platform().startsWith("linux"), "other systems keep their libraries elsewhere");
        Path libraries = Files.createDirectories(root.resolve("lib"));
        assertThat(String.join("; ", CudaDiagnosis.missing(List.of(libraries), root)))
                .contains("/dev/nvidiactl", "libcuda.so.1", "libcudart.so.13", "libcudnn.so.9", "LD_LIBRARY_PATH");
        Files.createDirectories(root.resolve("dev"));
        Files.createFile(root.resolve("dev/nvidiactl"));
        Files.createFile(libraries.resolve("libcuda.so.1"));
        Files.createFile(libraries.resolve("libcudart.so.13"));
        List<String> missing = CudaDiagnosis.missing(List.of(root, libraries), root);
        assertThat(missing).hasSize(1);
        assertThat(missing.get(0)).contains("libcudnn.so.9").doesNotContain("libcudart", "libcuda.so");
    }

    @Test
    void usableDevicesAreCounted() {
        assertThat(CudaDiagnosis.describe(List.of(Device.CPU, Device.cuda(0), Device.cuda(1))))
                .isEqualTo("2 usable");
    }
}

package io.github.moshivis.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.moshivis.tensor.Fp8Rounding.Probes;
import io.github.moshivis.tensor.Fp8Rounding.Rounded;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(InScope.class)
class Fp8RoundingTest {
    private static final List<DType> TYPES = List.of(DType.F32, DType.BF16);

    @TempDir
    static Path folder;

    private static Tensor probes(DType dtype) {
        return Tensor.of(Probes.VALUES, Device.CPU, Probes.ROWS, Probes.LENGTH).to(dtype);
    }

    /** Any bits: numbers of all magnitudes, infinities and what is not a number. */
    private static Tensor random(DType dtype, long rows, long length) {
        byte[] bytes = new byte[Math.toIntExact(rows * length * dtype.bytes())];
        new Random(length).nextBytes(bytes);
        Tensor any = Tensor.of(bytes, dtype, rows, length);
        Tensor most = Ops.nanToZero(any.narrow(0, 0, rows - 1)).mul(0x1p-20); // all but one row are finite
        return Ops.cat(0, most.to(dtype), any.narrow(0, rows - 1, 1));
    }

    /** All e4m3 numbers that are not negative, by their bits. */
    private static float[] numbers() {
        float[] numbers = new float[127];
        for (int code = 0; code < numbers.length; code++) {
            int exponent = code >> 3;
            numbers[code] = exponent == 0 ? Math.scalb((float) code, -9) : Math.scalb(8f + code % 8, exponent - 10);
        }
        return numbers;
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "BF16", "F16"})
    void operatorsRoundToTheNearestNumber(DType dtype) {
        float[] numbers = numbers();
        Tensor rows = probes(dtype);
        float[] x = rows.toFloats();
        float[] values = new float[x.length];
        float[] scales = new float[Probes.ROWS];
        for (int row = 0; row < Probes.ROWS; row++) {
            float largest = 0;
            for (int i = row * Probes.LENGTH; i < (row + 1) * Probes.LENGTH; i++) {
                largest = Math.max(largest, Math.abs(x[i]));
            }
            scales[row] = Math.max(largest * (1f / 448), 1e-30f);
            for (int i = row * Probes.LENGTH; i < (row + 1) * Probes.LENGTH; i++) {
                values[i] = nearest(numbers, x[i] / scales[row]);
            }
        }
        Rounded rounded = Fp8Rounding.byOperators(rows);
        assertThat(rounded.scales().toFloats()).isEqualTo(scales);
        assertThat(rounded.values().toFloats()).isEqualTo(values);
    }

    private static float nearest(float[] numbers, float exact) {
        if (Float.isNaN(exact)) {
            return Float.NaN;
        }
        int best = 0;
        for (int code = 1; code < numbers.length; code++) {
            float closer = Math.abs(numbers[best] - Math.abs(exact)) - Math.abs(numbers[code] - Math.abs(exact));
            best = closer > 0 || closer == 0 && code % 2 == 0 ? code : best;
        }
        return Math.copySign(numbers[best], exact);
    }

    /** The kernel's very text, compiled for the CPU. */
    @ParameterizedTest
    @ValueSource(ints = {96, 1024})
    void theKernelsTextRoundsAsOperatorsDo(int threads) throws Exception {
        Path program = program();
        for (DType dtype : TYPES) {
            for (Tensor rows : List.of(
                    probes(dtype),
                    random(dtype, 5, 4096),
                    random(dtype, 3, 1),
                    random(dtype, 3, 33),
                    random(dtype, 9, 1040))) {
                Rounded expected = Fp8Rounding.byOperators(rows);
                ByteBuffer found = ByteBuffer.wrap(run(program, rows, threads)).order(ByteOrder.nativeOrder());
                byte[] values = new byte[Math.toIntExact(rows.elements())];
                found.get(values);
                float[] scales = new float[(int) rows.size(0)];
                found.asFloatBuffer().get(scales);
                assertThat(scales).isEqualTo(expected.scales().toFloats());
                assertThat(Tensor.of(values, DType.F8, rows.shape()).toFloats())
                        .as("%s", rows)
                        .isEqualTo(expected.values().toFloats());
            }
        }
    }

    private static Path resource(Class<?> owner, String name) throws URISyntaxException {
        return Path.of(owner.getResource(name).toURI());
    }

    private static synchronized Path program() throws Exception {
        Path program = folder.resolve("fp8_on_cpu");
        if (!Files.exists(program)) {
            List<String> command = List.of(
                    "g++",
                    "-O2",
                    "-ffp-contract=off",
                    "-I" + resource(Fp8Rounding.class, "fp8.cu").getParent(),
                    resource(Fp8RoundingTest.class, "fp8_on_cpu.cpp").toString(),
                    "-o",
                    program.toString());
            Process compiler = start(new ProcessBuilder(command).inheritIO());
            assertThat(compiler.waitFor()).as("g++").isZero();
        }
        return program;
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            assumeTrue(false, "no g++ here: " + e.getMessage());
            throw new IllegalStateException(e);
        }
    }

    private static byte[] run(Path program, Tensor rows, int threads) throws Exception {
        Path in = Files.write(folder.resolve("in"), rows.toBytes());
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(
                        program.toString(),
                        rows.dtype() == DType.BF16 ? "1" : "0",
                        Long.toString(rows.size(0)),
                        Long.toString(rows.size(1)),
                        Integer.toString(threads))
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        return Files.readAllBytes(out);
    }

    @ParameterizedTest
    @ValueSource(ints = {89, 90, 100, 120})
    void nvrtcCompilesTheKernel(int capability) {
        byte[] code;
        try {
            code = CudaKernel.compile(Fp8Rounding.source(), capability);
        } catch (LinkageError e) {
            assumeTrue(false, "no NVRTC here: " + LibTorch.firstLine(e.toString()));
            return;
        }
        assertThat(Arrays.copyOf(code, 4)).isEqualTo(new byte[] {0x7f, 'E', 'L', 'F'});
        assertThat(new String(code, StandardCharsets.ISO_8859_1)).contains("round_rows");
    }

    @Test
    void nobodyMissesAKernelOnTheCpu() {
        Tensor rows = probes(DType.F32);
        assertThat(Fp8Rounding.on(Device.CPU).round(rows).values().toFloats())
                .isEqualTo(Fp8Rounding.byOperators(rows).values().toFloats());
    }

    @Test
    @Tag("gpu")
    void theKernelIsInUseAndRoundsAsTheCpuDoes() {
        Device gpu = Device.cuda(0);
        assertThat(LibTorch.devices()).as(LibTorch.findings().toString()).contains(gpu);
        try (DeviceStream stream = DeviceStream.enter(gpu);
                GraphRecorder recorder = stream.newRecorder()) {
            if (!Fp8Matrix.isSupported(gpu)) {
                return; // below capability 8.9 there is nothing to check
            }
            assertThat(Fp8Rounding.describe(gpu)).isEqualTo("a kernel of our own");
            Fp8Rounding rounding = Fp8Rounding.on(gpu);
            for (DType dtype : TYPES) {
                Tensor host = random(dtype, 64, 11264);
                Rounded expected = Fp8Rounding.byOperators(host);
                Tensor rows = host.to(gpu).mul(0); // a recording has to follow what is written later
                try (GraphRecorder.Recording recording = recorder.record(() -> {
                    Rounded rounded = rounding.round(rows);
                    return rounded.values().to(DType.F32).mul(rounded.scales());
                })) {
                    rows.copyFrom(host.to(gpu));
                    assertThat(recording.replay().toFloats())
                            .isEqualTo(expected.values()
                                    .to(DType.F32)
                                    .mul(expected.scales())
                                    .toFloats());
                }
            }
        }
    }
}

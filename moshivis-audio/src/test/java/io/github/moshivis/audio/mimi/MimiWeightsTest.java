package io.github.moshivis.audio.mimi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.moshivis.kernel.Kernels;
import io.github.moshivis.load.CodecWeights;
import io.github.moshivis.loading.OptionForms;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.TensorUse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The codec of the golden set with weights of few bits, against the same codec with the weights of its file. */
class MimiWeightsTest {
    private static final int FRAMES = 9;

    @TempDir
    Path scratch;

    @BeforeAll
    static void needKernels() {
        assumeTrue(Kernels.available(), Kernels::problem);
    }

    /** Codes of frames of noise, and the samples that the exact codec's codes become. */
    private record Run(List<long[]> codes, List<float[]> samples, long bytes) {}

    private Run run(CodecWeights weights, int rows, List<long[]> given) throws IOException {
        try (MimiFixture fixture = MimiFixture.golden(OptionForms.codec(weights), scratch);
                SpeechCodec.State state = fixture.mimi.newState(rows)) {
            Random random = new Random(5);
            List<long[]> codes = new ArrayList<>();
            List<float[]> samples = new ArrayList<>();
            int size = fixture.mimi.frameSize();
            for (int i = 0; i < FRAMES; i++) {
                float[] noise = new float[rows * size];
                for (int j = 0; j < size; j++) {
                    noise[j] = (float) (0.3 * random.nextGaussian());
                }
                try (Scope scope = Scope.open()) {
                    Rows all = Rows.all(Device.CPU, rows);
                    Tensor pcm = Tensor.of(noise, Device.CPU, rows, size);
                    Tensor found = fixture.mimi.encode(pcm, state, all).narrow(0, 0, 1);
                    codes.add(found.toLongs());
                    long[] spoken = given == null ? found.toLongs() : given.get(i);
                    Tensor said =
                            Tensor.of(spoken, Device.CPU, 1, spoken.length).expand(rows, spoken.length);
                    samples.add(fixture.mimi
                            .decode(said.contiguous(), state, all)
                            .narrow(0, 0, 1)
                            .toFloats());
                }
            }
            long bytes = fixture.weights.bytes().stream()
                    .mapToLong(TensorUse.Bytes::all)
                    .sum();
            return new Run(codes, samples, bytes);
        }
    }

    /** In decibels. */
    private static double signalToNoise(List<float[]> exact, List<float[]> found) {
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < exact.size(); i++) {
            for (int j = 0; j < exact.get(i).length; j++) {
                signal += exact.get(i)[j] * (double) exact.get(i)[j];
                noise += Math.pow(exact.get(i)[j] - (double) found.get(i)[j], 2);
            }
        }
        return 10 * Math.log10(signal / noise);
    }

    @ParameterizedTest
    @CsvSource({"BF16_DECODER,35", "BF16,35", "INT8,20"})
    void fewerBitsDecodeToNearlyTheSameSound(CodecWeights weights, double decibels) throws IOException {
        Run exact = run(CodecWeights.EXACT, 1, null);
        Run rounded = run(weights, 1, exact.codes);
        assertThat(signalToNoise(exact.samples, rounded.samples)).isBetween(decibels, 120.0);
        assertThat(rounded.bytes).isLessThan(exact.bytes);
    }

    @Test
    void theExactEncodersCodesDoNotDependOnTheDecodersBits() throws IOException {
        Run exact = run(CodecWeights.EXACT, 1, null);
        Run rounded = run(CodecWeights.BF16_DECODER, 1, exact.codes);
        for (int i = 0; i < FRAMES; i++) {
            assertThat(rounded.codes.get(i)).as("frame %s", i).containsExactly(exact.codes.get(i));
        }
    }

    /** Bit for bit: our kernels sum a row's products in one order. */
    @ParameterizedTest
    @EnumSource(CodecWeights.class)
    void aCallerIsTheSameAloneAndBesideOthers(CodecWeights weights) throws IOException {
        Run alone = run(weights, 1, null);
        Run among = run(weights, 3, null);
        for (int i = 0; i < FRAMES; i++) {
            assertThat(among.codes.get(i)).as("codes of frame %s", i).containsExactly(alone.codes.get(i));
            assertThat(Arrays.equals(among.samples.get(i), alone.samples.get(i)))
                    .as("samples of frame %s", i)
                    .isTrue();
        }
    }
}

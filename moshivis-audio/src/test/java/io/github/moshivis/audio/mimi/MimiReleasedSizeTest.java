package io.github.moshivis.audio.mimi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.weights.WeightPlan;
import io.github.moshivis.weights.file.StoredType;
import io.github.moshivis.weights.file.TensorSpec;
import io.github.moshivis.weights.names.TensorNames;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A random codec of the released sizes. Times depend on what else the machine does, so they are logged, not asserted. */
class MimiReleasedSizeTest {
    private static final int CODEBOOKS = 8;
    private static final Rows ONE = Rows.all(Device.CPU, 1);

    private static MimiFixture released() {
        SplittableRandom random = new SplittableRandom(1);
        WeightPlan plan = WeightPlan.of(
                weights -> new MimiProvider().load(weights, SpeechCodec.Forms.EXACT, MimiConfig.MIMI_V0_1, CODEBOOKS));
        Collection<TensorSpec> specs =
                plan.inFile(TensorNames.SAME, StoredType.F32).values();
        return new MimiFixture(
                new MemoryTensorFile(specs, (spec, memory) -> fill(spec, memory, random)),
                MimiConfig.MIMI_V0_1,
                CODEBOOKS);
    }

    /** Uniform numbers with which a layer's output is about as large as its input. */
    private static void fill(TensorSpec spec, FloatBuffer memory, SplittableRandom random) {
        boolean one = spec.shape().rank() == 1 && !spec.name().endsWith("bias");
        long inputs = spec.shape().entry().elements();
        double scale = Math.sqrt(3.0 / inputs);
        while (memory.hasRemaining()) {
            memory.put(one ? 1 : (float) (scale * (2 * random.nextDouble() - 1)));
        }
    }

    @Test
    @Tag("stress")
    void encodesAndDecodesFramesAndSaysHowLongTheyTook() {
        int frames = 150; // 12 s: more than the context
        int warmUp = 130;
        double[] encoding = new double[frames];
        double[] decoding = new double[frames];
        try (MimiFixture fixture = released();
                SpeechCodec.State state = fixture.mimi.newState(1)) {
            float[] noise = new float[fixture.mimi.frameSize()];
            SplittableRandom random = new SplittableRandom(2);
            for (int i = 0; i < frames; i++) {
                for (int j = 0; j < noise.length; j++) {
                    noise[j] = (float) (0.2 * random.nextDouble() - 0.1);
                }
                try (Scope scope = Scope.open()) {
                    long start = System.nanoTime();
                    Tensor codes = fixture.mimi.encode(Tensor.of(noise, Device.CPU, 1, noise.length), state, ONE);
                    long between = System.nanoTime();
                    Tensor pcm = fixture.mimi.decode(codes, state, ONE);
                    encoding[i] = (between - start) / 1e6;
                    decoding[i] = (System.nanoTime() - between) / 1e6;
                    assertThat(LongStream.of(codes.toLongs())).allMatch(code -> code >= 0 && code < 2048);
                    for (float sample : pcm.toFloats()) {
                        assertThat(sample).isFinite();
                    }
                }
            }
        }
        System.getLogger(getClass().getName())
                .log(
                        System.Logger.Level.INFO,
                        "Mimi, ms a frame after warm-up, median: encoding {0}, decoding {1}",
                        median(encoding, warmUp),
                        median(decoding, warmUp));
    }

    private static double median(double[] times, int from) {
        double[] sorted = Arrays.copyOfRange(times, from, times.length);
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}

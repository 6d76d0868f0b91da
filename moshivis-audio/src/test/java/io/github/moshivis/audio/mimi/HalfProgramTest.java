package io.github.moshivis.audio.mimi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of rows that are all active, which programs compute, against the same layers one by one: equal bit for bit. */
class HalfProgramTest {
    private static final int FRAMES = 12;

    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void framesAreTheSameAsLayerByLayer(int rows) throws Exception {
        Random random = new Random(rows);
        try (MimiFixture fixture = MimiFixture.golden(scratch);
                KernelThreads threads = KernelThreads.start(2);
                SpeechCodec.State programs = fixture.mimi.newState(rows);
                SpeechCodec.State layers = fixture.mimi.newState(rows)) {
            for (int frame = 0; frame < FRAMES; frame++) {
                int count = frame % 4 == 3 ? 1 : rows; // a call of fewer rows in between
                try (Scope scope = Scope.open()) {
                    Rows all = Rows.all(Device.CPU, count);
                    Tensor pcm = sound(random, count, fixture.mimi.frameSize());
                    Tensor codes = fixture.mimi.encode(pcm, programs, all);
                    HalfState encoder = ((MimiState) layers).encoder();
                    MimiEncoder.Stages stages = fixture.mimi
                            .encoder()
                            .forward(pcm, encoder, all, fixture.mimi.encoder().plan(encoder, all, steps(fixture)));
                    assertThat(codes.toLongs())
                            .isEqualTo(fixture.mimi
                                    .quantizer()
                                    .encode(stages.latent())
                                    .toLongs());

                    float[] samples = fixture.mimi.decode(codes, programs, all).toFloats();
                    HalfState decoder = ((MimiState) layers).decoder();
                    Tensor latents = fixture.mimi.quantizer().decode(codes.unsqueeze(1));
                    assertThat(samples)
                            .isEqualTo(fixture.mimi
                                    .decoder()
                                    .forward(
                                            latents,
                                            decoder,
                                            all,
                                            fixture.mimi.decoder().plan(decoder, all, steps(fixture)))
                                    .pcm()
                                    .toFloats());
                }
            }
        }
    }

    private static int steps(MimiFixture fixture) {
        return fixture.config.stepsPerFrame();
    }

    private static Tensor sound(Random random, int rows, int samples) {
        float[] values = new float[rows * samples];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 10;
        }
        return Tensor.of(values, Device.CPU, rows, samples);
    }
}

package io.github.moshivis.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.layout.MimiConfigs;
import io.github.moshivis.load.BundledModel;
import io.github.moshivis.plugin.Providers;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.train.model.MimiSequence;
import io.github.moshivis.train.model.Parameters;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.names.TensorNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sequence passes of the codec give what its streaming frames give, as long as the transformers' window reaches back to the
 * beginning: of the steps of a frame, which enter the window together, the first then sees less than in one pass.
 */
class MimiStreamingTest {
    private static final int CODEBOOKS = 8;

    /** The share of codes that two entries as near as rounding tells may decide either way. */
    private static final double TIES = 0.02;

    @TempDir
    private Path scratch;

    @Test
    void onePassGivesWhatTheFramesGive() throws IOException {
        Path file = scratch.resolve("mimi_config.json");
        Files.writeString(
                file, Golden.json("train/mimi/config.json").get("mimi").toString());
        float[] sound =
                Golden.tensors("train/mimi/inputs.safetensors").get("audio").floats();
        check(0, Golden.path("train/mimi/tokenizer-tiny.safetensors"), MimiConfigs.read(file), sound);
    }

    @Test
    void theBundledCodecHearsAndSpeaksAlikeInBoth() {
        Path model = BundledModel.nano().directory();
        Path question = BundledModel.nano().question("What do you see?").file();
        check(
                TIES,
                model.resolve("tokenizer-e351c8d8-checkpoint125.safetensors"),
                MimiConfigs.read(model.resolve("mimi_config.json")),
                WavFile.channels(question, 0, 10)[0]);
    }

    private static void check(double ties, Path file, MimiConfig config, float... sound) {
        int frames = config.transformer().context() / config.stepsPerFrame();
        float[] samples = Arrays.copyOf(sound, frames * 1920);
        long[] codes = new long[frames * CODEBOOKS]; // [frames, K]
        float[] wave = new float[samples.length];
        stream(file, config, samples, codes, wave);
        try (Scope scope = Scope.openDifferentiable();
                Parameters parameters = Parameters.read(SafetensorsFile.open(file), TensorNames.SAME, Device.CPU)) {
            MimiSequence mimi = new MimiSequence(parameters, config, CODEBOOKS);
            Autograd.withoutGradient(() -> {
                Tensor latent = mimi.encode(Tensor.of(samples, Device.CPU, 1, 1, samples.length));
                Tensor found = mimi.quantize(latent).codes(); // [1, K, frames]
                long[] inOnePass = found.view(CODEBOOKS, frames)
                        .transpose(0, 1)
                        .contiguous()
                        .toLongs();
                assertThat(IntStream.range(0, codes.length).filter(i -> codes[i] != inOnePass[i]))
                        .as("codes that differ")
                        .hasSizeLessThanOrEqualTo((int) Math.ceil(ties * codes.length));
                Tensor streamed = Tensor.of(codes, Device.CPU, 1, frames, CODEBOOKS)
                        .transpose(1, 2)
                        .contiguous();
                Golden.assertClose("wave", mimi.decodeCodes(streamed).toFloats(), wave, Golden.Tolerance.CODEC);
                return mimi;
            });
        }
    }

    private static void stream(Path file, MimiConfig config, float[] samples, long[] codes, float[] wave) {
        try (Weights weights = new Weights(SafetensorsFile.open(file), TensorNames.SAME, Device.CPU);
                Scope scope = Scope.open()) {
            SpeechCodec codec =
                    Providers.speechCodec().load(weights.as(DType.F32), SpeechCodec.Forms.EXACT, config, CODEBOOKS);
            try (SpeechCodec.State state = codec.newState(1)) {
                for (int frame = 0; frame * 1920 < samples.length; frame++) {
                    try (Scope inner = Scope.open()) {
                        float[] part = Arrays.copyOfRange(samples, frame * 1920, (frame + 1) * 1920);
                        Tensor found = codec.encode(
                                Tensor.of(part, Device.CPU, 1, part.length), state, Rows.all(Device.CPU, 1));
                        System.arraycopy(found.toLongs(), 0, codes, frame * CODEBOOKS, CODEBOOKS);
                        float[] said = codec.decode(found, state, Rows.all(Device.CPU, 1))
                                .toFloats();
                        System.arraycopy(said, 0, wave, frame * said.length, said.length);
                    }
                }
            }
        }
    }
}

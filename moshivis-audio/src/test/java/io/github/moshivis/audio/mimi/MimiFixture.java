package io.github.moshivis.audio.mimi;

import io.github.moshivis.Golden;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.TensorFile;
import io.github.moshivis.weights.names.TensorNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** A codec and the weights under it. */
final class MimiFixture implements AutoCloseable {
    final Weights weights;
    final MimiConfig config;
    final Mimi mimi;

    MimiFixture(TensorFile file, MimiConfig config, int codebooks) {
        this(file, SpeechCodec.Forms.EXACT, config, codebooks);
    }

    MimiFixture(TensorFile file, SpeechCodec.Forms forms, MimiConfig config, int codebooks) {
        this.config = config;
        weights = new Weights(file, TensorNames.SAME, Device.CPU);
        try {
            mimi = new MimiProvider().load(weights.as(DType.F32), forms, config, codebooks);
            weights.verify(name -> false);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** The codec of the golden set mimi. */
    static MimiFixture golden(Path scratch) throws IOException {
        return golden(SpeechCodec.Forms.EXACT, scratch);
    }

    static MimiFixture golden(SpeechCodec.Forms forms, Path scratch) throws IOException {
        return new MimiFixture(SafetensorsFile.open(checkpoint()), forms, Golden.mimiConfig(scratch), codebooks());
    }

    static Path checkpoint() {
        return Golden.path(
                "mimi/" + Golden.json("mimi/config.json").get("checkpoint").asText());
    }

    static int codebooks() {
        return Golden.json("mimi/config.json").get("num_codebooks").asInt();
    }

    /** Gaussian noise as loud as speech. */
    static float[] noise(Random random, int samples) {
        float[] noise = new float[samples];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (0.3 * random.nextGaussian());
        }
        return noise;
    }

    @Override
    public void close() {
        weights.close();
    }
}

package io.github.moshivis;

import io.github.moshivis.engine.Engine;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.SamplingConfig;
import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.lm.LanguageModelFile;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.load.Norms;
import io.github.moshivis.load.WeightReads;
import io.github.moshivis.loading.LoadedModel;
import io.github.moshivis.loading.OptionForms;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.weights.Weights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The golden speech-to-text model with a simple stand-in for the codec, which lives in another module. */
final class FakeSpeechToText implements AutoCloseable {
    private static final WeightReads NO_WEIGHTS = new WeightReads(0, 0, 0, 0, 0, 0, 0);
    private static final int SILENT_FRAMES = 3;

    final SpeechToText model;
    final LmConfig config;
    private volatile Runnable onTick = () -> {};

    FakeSpeechToText(int slots) {
        ModelDirectory directory = ModelDirectory.read(Golden.path("stt/model"));
        Path file = LanguageModelFile.locate(directory);
        LanguageModelFile lmFile = LanguageModelFile.open(file, directory);
        ModelConfig sizes = lmFile.config();
        config = sizes.lm();
        Weights weights = new Weights(lmFile.file(), lmFile.names(), Device.CPU);
        LanguageModel lm = LanguageModelLoader.load(weights.as(DType.F32), config, OptionForms.depthNorm(Norms.RUST));
        Engine engine =
                Engine.start(new Engine.Parts(lm, new Codec(), Device.CPU, slots, 0, 1, false, 1, 0, false, 1, false));
        int[][] silence = new int[SILENT_FRAMES][config.audioStreams()];
        for (int frame = 0; frame < SILENT_FRAMES; frame++) {
            Arrays.fill(silence[frame], frame);
        }
        Vocabulary vocabulary = Vocabulary.read(directory.files().tokenizer());
        model = new SpeechToText(new LoadedModel(
                sizes,
                directory.files().mimi(),
                silence,
                engine,
                null,
                vocabulary,
                null,
                SamplingConfig.NONE,
                NO_WEIGHTS,
                List.of(weights)));
    }

    /** Lets the codec do something in each tick that encodes. */
    void onTick(Runnable action) {
        onTick = action;
    }

    @Override
    public void close() {
        model.close();
    }

    /** Codes are sums of pieces of the frame. */
    private final class Codec implements SpeechCodec {
        @Override
        public int frameSize() {
            return Session.FRAME_SAMPLES;
        }

        @Override
        public int codebooks() {
            return config.audioStreams();
        }

        @Override
        public State newState(int slots) {
            return new State() {
                @Override
                public void reset(int slot) {}

                @Override
                public void close() {}
            };
        }

        @Override
        public Pass planEncoding(State state, Rows rows) {
            int codebooks = codebooks();
            return pcm -> {
                onTick.run();
                return Ops.remainder(
                        Ops.sum(pcm.view(rows.count(), codebooks, Session.FRAME_SAMPLES / codebooks), -1)
                                .view(rows.count(), codebooks)
                                .to(DType.I64), // [B, 1920] -> [B, K]
                        config.audioCard());
            };
        }

        @Override
        public Pass planDecoding(State state, Rows rows) {
            throw new UnsupportedOperationException("speech to text says nothing");
        }
    }
}

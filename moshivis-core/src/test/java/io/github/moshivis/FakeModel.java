package io.github.moshivis;

import io.github.moshivis.engine.Engine;
import io.github.moshivis.engine.SlotLease;
import io.github.moshivis.engine.SlotOptions;
import io.github.moshivis.io.Image;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.ModelDirectory;
import io.github.moshivis.layout.SamplingConfig;
import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.lm.LanguageModelLoader;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Norms;
import io.github.moshivis.load.WeightReads;
import io.github.moshivis.loading.ImagePreparation;
import io.github.moshivis.loading.LoadedModel;
import io.github.moshivis.loading.OptionForms;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.stream.SlotTensor;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.weights.Weights;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.names.PytorchNames;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A model with the golden language model and simple stand-ins for the codec and the image encoder, which live in other modules.
 * What goes wrong in a step can be set from outside.
 */
final class FakeModel {
    /** What goes wrong. Not part of the fake itself, which its inference thread must not keep alive. */
    static final class Hooks {
        private final AtomicReference<Throwable> step = new AtomicReference<>();
        private final AtomicReference<Throwable> opening = new AtomicReference<>();
        private volatile Runnable onTick = () -> {};
        private volatile Runnable onPiece = () -> {};
        private volatile Runnable onEncodingClosed = () -> {};
    }

    /** Of work on a picture. */
    static final int PIECES = 4;

    private static final WeightReads NO_WEIGHTS = new WeightReads(0, 0, 0, 0, 0, 0, 0);

    private final Hooks hooks = new Hooks();

    final MoshiVis model;
    private final LoadedModel loaded;
    private final LoadOptions options;

    FakeModel(int slots) {
        this(slots, 0);
    }

    FakeModel(int slots, int fixedBatch) {
        this(slots, fixedBatch, Engine::start);
    }

    FakeModel(int slots, int fixedBatch, Function<Engine.Parts, Engine> start) {
        ModelDirectory directory = ModelDirectory.read(Golden.path("e2e/model"));
        LmConfig config = directory.config().lm();
        Weights weights = new Weights(
                SafetensorsFile.open(Golden.path("e2e/model/model.safetensors")),
                PytorchNames.table(config.modelCodebooks()),
                Device.CPU);
        LanguageModel lm =
                LanguageModelLoader.load(weights.as(DType.F32), config, OptionForms.depthNorm(Norms.PYTORCH));
        int width = config.imageDim().getAsInt();
        ImagePreparation images =
                new ImagePreparation(new Encoder(width, hooks), 64, 64, width, Device.CPU, Golden.path("e2e/model"));
        Engine engine = start.apply(new Engine.Parts(
                lm, new Codec(config, hooks), Device.CPU, slots, 64, 0, false, 1, fixedBatch, false, 1, true));
        Vocabulary vocabulary = Vocabulary.read(Golden.path("e2e/model/tokenizer_spm_32k_3.model"));
        loaded = new LoadedModel(
                directory.config(),
                directory.files().mimi(),
                new int[0][],
                engine,
                images,
                vocabulary,
                null,
                SamplingConfig.NONE,
                NO_WEIGHTS,
                List.of(weights));
        options = LoadOptions.defaults().maxConversations(slots);
        model = new MoshiVis(loaded, options);
    }

    /** The same model with speech to text beside its conversations. */
    MoshiVis with(SpeechToText stt) {
        return new MoshiVis(loaded, options, stt, false);
    }

    /** Lets the codec throw in the next tick, once. */
    void failNextStep(Throwable fault) {
        hooks.step.set(fault);
    }

    /** Lets the codec throw when the next slot is prepared, once. */
    void failNextOpening(Throwable fault) {
        hooks.opening.set(fault);
    }

    /** Lets the codec do something in each tick. */
    void onTick(Runnable action) {
        hooks.onTick = action;
    }

    /** Lets the image encoder do something in each piece of work. */
    void onPiece(Runnable action) {
        hooks.onPiece = action;
    }

    /** Lets the image encoder do something when a picture's encoding is closed. */
    void onEncodingClosed(Runnable action) {
        hooks.onEncodingClosed = action;
    }

    Engine engine() {
        return loaded.engine();
    }

    /** Opens a slot as a session does. */
    SlotLease open() {
        SlotLease lease = engine().slots().claim();
        engine().open(
                        lease,
                        new SlotOptions(SamplingOptions.defaults().controls(), 1, 2, 0, null, null, new int[0], 0));
        return lease;
    }

    private static void raise(AtomicReference<Throwable> planned) {
        Throwable throwable = planned.getAndSet(null);
        if (throwable instanceof Error error) {
            throw error;
        }
        if (throwable != null) {
            throw (RuntimeException) throwable;
        }
    }

    /** A frame of one value. */
    static float[] frame(double value) {
        float[] frame = new float[Session.FRAME_SAMPLES];
        Arrays.fill(frame, (float) value);
        return frame;
    }

    /** A picture whose tokens depend on one number. */
    static Image picture(int number) {
        return Image.rgb(1, 1, new byte[] {(byte) number, 0, 0});
    }

    /** Codes are the sums of pieces of the frame; speech is the codes. Counts frames, as state. */
    private record Codec(LmConfig config, Hooks hooks) implements SpeechCodec {
        private record Counts(SlotTensor encoded, Hooks hooks) implements State {
            @Override
            public void reset(int slot) {
                raise(hooks.opening);
                encoded.reset(slot);
            }

            @Override
            public void close() {
                encoded.close();
            }
        }

        @Override
        public int frameSize() {
            return Session.FRAME_SAMPLES;
        }

        @Override
        public int codebooks() {
            return config.userCodebooks();
        }

        @Override
        public State newState(int slots) {
            return new Counts(new SlotTensor(0, DType.I64, Device.CPU, slots, 1), hooks);
        }

        @Override
        public Pass planEncoding(State state, Rows rows) {
            SlotTensor counts = ((Counts) state).encoded();
            int codebooks = config.userCodebooks();
            return pcm -> {
                hooks.onTick.run();
                raise(hooks.step);
                Tensor sums = Ops.sum(pcm.view(rows.count(), codebooks, Session.FRAME_SAMPLES / codebooks), -1)
                        .view(rows.count(), codebooks)
                        .to(DType.I64); // [B, 1920] -> [B, K]
                Tensor codes = Ops.remainder(sums.add(counts.get(rows)), config.audioCard());
                counts.set(rows, counts.get(rows).add(Tensor.full(1, DType.I64, Device.CPU, 1)));
                return codes;
            };
        }

        @Override
        public Pass planDecoding(State state, Rows rows) {
            return codes -> {
                long repeat = Session.FRAME_SAMPLES / codes.size(1);
                return codes.to(DType.F32)
                        .mul(1.0 / config.audioCard())
                        .unsqueeze(-1)
                        .expand(rows.count(), codes.size(1), repeat)
                        .reshape(rows.count(), Session.FRAME_SAMPLES);
            };
        }
    }

    /** A picture has as many tokens as pixels a side, all alike, and takes a few pieces of work. */
    private record Encoder(int dim, Hooks hooks) implements ImageEncoder {
        @Override
        public int defaultImageSize() {
            return 16;
        }

        @Override
        public int tokens(int imageSize) {
            return imageSize;
        }

        @Override
        public Prepared prepare(Image image, int imageSize, boolean centerCrop) {
            return new Prepared(new float[] {image.pixels().orElseThrow().rgb()[0]}, imageSize);
        }

        @Override
        public Encoding begin(Prepared prepared) {
            return new Encoding() {
                private int pieces = PIECES;
                private Tensor held;

                @Override
                public boolean advance() {
                    hooks.onPiece.run();
                    try (Scope scope = Scope.open()) {
                        free();
                        held = Tensor.full(prepared.pixels()[0] / 16.0, DType.F32, Device.CPU, 1, prepared.size(), dim)
                                .keep();
                    }
                    return --pieces > 0;
                }

                @Override
                public Tensor features() {
                    return held.copy();
                }

                @Override
                public void close() {
                    hooks.onEncodingClosed.run();
                    free();
                }

                private void free() {
                    if (held != null) {
                        held.close();
                        held = null;
                    }
                }
            };
        }
    }
}

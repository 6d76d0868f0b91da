package io.github.moshivis.train.nano;

import io.github.moshivis.layout.ModelDirectoryWriter;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.train.model.TensorStore;
import io.github.moshivis.train.model.Waiting;
import io.github.moshivis.weights.file.StoredType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Trains a nano model from nothing, as its recipe says: speech, codec, image encoder, language model. Everything is kept in one
 * directory; a run that was broken off goes on from there when it is started again with the same settings. For one run.
 */
public final class NanoRecipe {
    private final Path directory;
    private final NanoScale scale;
    private final int threads;
    private final long seed;
    private final Consumer<String> listener;

    /**
     * Prepares a run.
     *
     * @param directory of the run; made if it does not exist
     * @param scale how large it is
     * @param threads on the CPU; with two, the codec and the image encoder are trained side by side
     * @param seed of everything random
     * @param listener gets a line for each step, on several threads
     */
    public NanoRecipe(Path directory, NanoScale scale, int threads, long seed, Consumer<String> listener) {
        this.directory = directory;
        this.scale = scale;
        this.threads = threads;
        this.seed = seed;
        this.listener = listener;
    }

    /**
     * Runs all stages that are not done yet.
     *
     * @return the directory of the model, in the released form
     * @throws IOException if a file cannot be read or written
     * @throws IllegalStateException if {@code espeak-ng} is not there or fails
     */
    public Path run() throws IOException {
        Path model = directory.resolve("model");
        if (Files.exists(model.resolve(ModelLayout.LM))) {
            return model;
        }
        Files.createDirectories(model);
        TalkPlan plan = TalkPlan.of(scale.data(), seed);
        SpeechLibrary library = new SpeechLibrary(directory.resolve("speech"), plan.utterances());
        int all = plan.utterances().size();
        library.speak(threads, number -> listener.accept(String.format("speech: %d/%d", number + 1, all)));
        ExecutorService trainers = Executors.newFixedThreadPool(Math.min(threads, 2));
        try {
            Future<?> vision = trainers.submit(() -> {
                trainVision();
                return null;
            });
            Future<?> codec = trainers.submit(() -> {
                trainCodec(library);
                return null;
            });
            Waiting.untilDone(codec); // before a failure of the other ends the run
            Waiting.forResult(vision, () -> {});
            Waiting.forResult(codec, () -> {});
            Future<?> language = trainers.submit(() -> {
                trainLanguage(plan, library, model);
                return null;
            });
            Waiting.forResult(language, () -> {});
        } finally {
            trainers.shutdown();
        }
        return model;
    }

    private void trainVision() throws IOException {
        try (Scope scope = Scope.openDifferentiable();
                VisionStage stage = visionStage();
                StageLoop loop = new StageLoop(
                        directory,
                        VisionStage.settings(
                                scale.steps().vision(), scale.steps().save()),
                        listener)) {
            loop.run(stage);
        }
    }

    private VisionStage visionStage() {
        return new VisionStage(
                scale.config(), scale.batch().pictures(), scale.steps().vision(), seed);
    }

    private void trainCodec(SpeechLibrary library) throws IOException {
        try (Scope scope = Scope.openDifferentiable();
                CodecStage stage = codecStage(library);
                StageLoop loop = new StageLoop(
                        directory,
                        CodecStage.settings(scale.steps().codec(), scale.steps().save()),
                        listener)) {
            loop.run(stage);
        }
    }

    private CodecStage codecStage(SpeechLibrary library) {
        return new CodecStage(
                scale.config().mimi(), library.clips(), scale.batch().clips(), seed);
    }

    private void trainLanguage(TalkPlan plan, SpeechLibrary library, Path model) throws IOException {
        byte[] vocabulary = NanoVocabulary.model();
        Path tokenizer = model.resolve(ModelLayout.Companion.TOKENIZER.released());
        Files.write(tokenizer, vocabulary);
        try (Scope scope = Scope.openDifferentiable();
                CodecStage codec = codecStage(library);
                VisionStage vision = visionStage()) {
            StageLoop.load(directory.resolve("codec/result.safetensors"), "", codec.state());
            StageLoop.load(directory.resolve("vision/result.safetensors"), "", vision.state());
            DialogueMaker dialogues = new DialogueMaker(
                    plan,
                    library,
                    new CodedSpeech(codec.mimi(), directory.resolve("codes"), seed),
                    scale.config().lm(),
                    Vocabulary.read(tokenizer).encoder(),
                    scale.batch().frames());
            try (LanguageStage stage = new LanguageStage(scale, dialogues, vision.encoder(), threads, seed);
                    StageLoop loop = new StageLoop(
                            directory,
                            LanguageStage.settings(
                                    scale.steps().language(), scale.steps().save()),
                            listener)) {
                loop.run(stage);
                ModelDirectoryWriter.write(scale.config(), model);
                TensorStore.write(
                        model.resolve(ModelLayout.Companion.MIMI.released()),
                        codec.codec().all(),
                        name -> StoredType.F16);
                TensorStore.write(
                        model.resolve(ModelLayout.LM), stage.parameters().all(), name -> StoredType.BF16);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}

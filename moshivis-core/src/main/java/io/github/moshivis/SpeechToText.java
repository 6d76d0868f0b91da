package io.github.moshivis;

import io.github.moshivis.engine.Engine;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.layout.SttConfig;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.loading.LoadedModel;
import io.github.moshivis.loading.ModelLoader;
import io.github.moshivis.loading.Repositories;
import io.github.moshivis.plugin.Providers;
import io.github.moshivis.text.Vocabulary;
import io.github.moshivis.transcript.Transcript;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A loaded speech-to-text model, which transcribes speech: share one, make a transcription for each voice. Alone, or beside
 * a conversation: see {@link MoshiVis#load(Path, LoadOptions, SpeechToText)}.
 *
 * <p>It serves as many transcriptions at once as it was loaded for ({@link LoadOptions#maxConversations}), from any threads, in one batch.
 * Close it when the application no longer needs it.
 *
 * <pre>{@code
 * try (SpeechToText stt = SpeechToText.load("kyutai/stt-1b-en_fr-candle")) {
 *     System.out.println(stt.transcribe(Path.of("question.wav")).text());
 * }
 * }</pre>
 */
public final class SpeechToText implements AutoCloseable {
    private final LoadedModel model;
    private final Backstop backstop;

    SpeechToText(LoadedModel model) {
        this.model = model;
        this.backstop = new Backstop(
                this, model, "A speech-to-text model was not closed; it is freed now. Use try-with-resources");
    }

    /**
     * Loads a model with the default options.
     *
     * @param name a directory or file, or a model's name on a hub, such as {@code kyutai/stt-1b-en_fr-candle}, for which
     *     moshivis-hub must be on the class path
     * @return the model, to be closed by the caller
     */
    public static SpeechToText load(String name) {
        return load(name, LoadOptions.defaults());
    }

    /**
     * Loads a model.
     *
     * @param name as for {@link #load(String)}
     * @param options the options; those that concern pictures, norms or the user's alignment have no effect
     * @return the model, to be closed by the caller
     * @throws io.github.moshivis.errors.HubException if files cannot be fetched
     * @throws io.github.moshivis.errors.CheckpointException if a file is missing, damaged, or not of a speech-to-text model
     * @throws io.github.moshivis.errors.NativeException if LibTorch cannot be used, or memory does not suffice
     */
    public static SpeechToText load(String name, LoadOptions options) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(options, "options");
        return load(Repositories.model(name, options), options);
    }

    /**
     * Loads a model from disk with the default options.
     *
     * @param path a directory with the files of a released repository, or its weights with the others beside them
     * @return the model, to be closed by the caller
     */
    public static SpeechToText load(Path path) {
        return load(path, LoadOptions.defaults());
    }

    /**
     * Loads a model from disk. Its files are read in place and must not be changed while the model is open.
     *
     * @param path as for {@link #load(Path)}
     * @param options as for {@link #load(String, LoadOptions)}
     * @return the model, to be closed by the caller
     * @throws io.github.moshivis.errors.CheckpointException if a file is missing, damaged, or not of a speech-to-text model
     * @throws io.github.moshivis.errors.NativeException if LibTorch cannot be used, or memory does not suffice
     * @throws IllegalStateException if moshivis-audio is not on the class path
     */
    public static SpeechToText load(Path path, LoadOptions options) {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(options, "options");
        return new SpeechToText(ModelLoader.loadSpeechToText(path, options));
    }

    /**
     * Settings of a transcription.
     *
     * @return the default settings
     */
    public TranscriptionOptions transcription() {
        return new TranscriptionOptions(this);
    }

    /**
     * Transcribes a sound to its end, as fast as the model runs if the source is not live.
     *
     * @param source the sound; opened, owned and closed here
     * @return the words
     */
    public Transcript transcribe(AudioSource source) {
        Objects.requireNonNull(source, "source");
        return transcription().run(source);
    }

    /**
     * Transcribes a sound file. Needs moshivis-audio.
     *
     * @param file in one of the formats that moshivis-audio reads
     * @return the words
     */
    public Transcript transcribe(Path file) {
        return transcribe(Providers.soundFiles().source(file));
    }

    /**
     * Transcribes sound files, as many at once as the model was loaded for. While others have its slots, files wait for one, in the
     * order of the queue.
     *
     * @param files in the formats that moshivis-audio reads
     * @return the words of each, in the order of the files
     */
    public List<Transcript> transcribe(List<Path> files) {
        Objects.requireNonNull(files, "files");
        TranscriptionOptions options = transcription().waitForSlot(Ending.FOREVER);
        ExecutorService workers =
                Executors.newFixedThreadPool(Math.max(1, Math.min(files.size(), maxTranscriptions())));
        try {
            List<Callable<Transcript>> work = new ArrayList<>();
            files.forEach(
                    file -> work.add(() -> options.run(Providers.soundFiles().source(file))));
            List<Transcript> transcripts = new ArrayList<>();
            for (Future<Transcript> done : workers.invokeAll(work)) {
                transcripts.add(done.get());
            }
            return transcripts;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Scribe.interrupted(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    /**
     * Joins tokens to text as SentencePiece does: control tokens make no text, a space at the beginning is left out.
     *
     * @param tokens text tokens
     * @return the text
     * @throws IllegalArgumentException if the model has no such token
     */
    public String decode(int... tokens) {
        Objects.requireNonNull(tokens, "tokens");
        return vocabulary().decode(tokens);
    }

    /**
     * Time by which the words trail the sound.
     *
     * @return the model's delay
     */
    public Duration delay() {
        return Duration.ofNanos(Math.round(1e9 * config().delay()));
    }

    /**
     * Number of probabilities of pauses that the model gives with each frame.
     *
     * @return four, or 0 for a model whose file has no pause heads
     */
    public int pauseHeads() {
        return config().pauseHeads();
    }

    /**
     * Number of transcriptions that can be open at once.
     *
     * @return the number
     */
    public int maxTranscriptions() {
        return engine().slots().size();
    }

    /**
     * Takes a ticket at the end of the queue for a transcription. Nothing waits: {@link SlotTicket#turn} completes when a slot is free,
     * at once if one is free now.
     *
     * @return the ticket, to be closed by the caller
     * @throws io.github.moshivis.errors.ConversationException if the model is closed
     */
    public SlotTicket ticket() {
        return new SlotTicket(engine().slots());
    }

    /**
     * Step times since the model was loaded, whatever the number of transcriptions in a step.
     *
     * @return all until now
     */
    public FrameTimes statistics() {
        return FrameTimes.of(engine().times());
    }

    Engine engine() {
        if (backstop.isClosed()) {
            throw new IllegalStateException("This speech-to-text model is closed; load it again");
        }
        return model.engine();
    }

    LoadedModel model() {
        return model;
    }

    Vocabulary vocabulary() {
        return model.vocabulary();
    }

    SttConfig config() {
        return model.config().lm().stt();
    }

    /** Ends all transcriptions, waits for the running step, and frees the model. Idempotent. */
    @Override
    public void close() {
        backstop.close();
    }
}

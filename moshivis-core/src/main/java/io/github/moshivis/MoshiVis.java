package io.github.moshivis;

import io.github.moshivis.engine.PromptRequest;
import io.github.moshivis.engine.SlotLease;
import io.github.moshivis.engine.SlotOptions;
import io.github.moshivis.engine.Slots;
import io.github.moshivis.errors.Finding;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.BundledModel;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.WeightReads;
import io.github.moshivis.loading.LoadedModel;
import io.github.moshivis.loading.ModelLoader;
import io.github.moshivis.loading.OptionForms;
import io.github.moshivis.loading.Repositories;
import io.github.moshivis.loading.SharedCodec;
import io.github.moshivis.loading.Voices;
import io.github.moshivis.plugin.Providers;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.recording.Recording;
import io.github.moshivis.tensor.LibTorch;
import io.github.moshivis.tensor.NativeMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A loaded model: share one, make a conversation for each talk.
 *
 * <p>A model holds gigabytes and takes a while to load; it serves as many conversations at once as it was loaded for, from any
 * threads. Conversations are cheap and hold no weights. Close the model when the application no longer needs it: that ends its
 * conversations with "model closed", waits for the running step, and frees everything. A model that is never closed is freed, with
 * a warning in the log, once neither it nor a conversation of it can be reached.
 *
 * <pre>{@code
 * try (MoshiVis model = MoshiVis.load(Path.of("moshika-vis"))) {
 *     model.session(Path.of("photo.jpg"))
 *             .onText(piece -> System.out.print(piece.text()))
 *             .run(WavFile.source(Path.of("question.wav")), WavFile.sink(Path.of("answer.wav")));
 * }
 * }</pre>
 */
public final class MoshiVis implements AutoCloseable {
    private final LoadedModel model;
    private final LoadOptions options;
    private final LagCounter lags = new LagCounter();
    /** Null without speech to text. */
    private final SpeechToText stt;

    private final boolean sharesCodec;
    private final Backstop backstop;

    MoshiVis(LoadedModel model, LoadOptions options) {
        this(model, options, null, false);
    }

    MoshiVis(LoadedModel model, LoadOptions options, SpeechToText stt, boolean sharesCodec) {
        this.model = model;
        this.options = options;
        this.stt = stt;
        this.sharesCodec = sharesCodec;
        this.backstop = new Backstop(this, model, "A model was not closed; it is freed now. Use try-with-resources");
    }

    /**
     * Loads the nano model, which answers spoken questions about drawn shapes, with the default options. It needs no download, and is
     * meant for demonstrations and tests; its pictures and questions are those of {@link BundledModel#nano()}.
     *
     * @return the model, to be closed by the caller
     * @throws IllegalStateException naming the dependency to add, if moshivis-nano is not on the class path
     */
    public static MoshiVis nano() {
        return nano(LoadOptions.defaults());
    }

    /**
     * Loads the nano model.
     *
     * @param options how to load it
     * @return the model, to be closed by the caller
     * @throws IllegalStateException naming the dependency to add, if moshivis-nano is not on the class path
     */
    public static MoshiVis nano(LoadOptions options) {
        Objects.requireNonNull(options, "options");
        return load(BundledModel.nano().directory(), options);
    }

    /**
     * Loads a model with the default options.
     *
     * @param name what names something on disk is a directory or file, see {@link #load(Path)}; {@code nano} is the model of
     *     moshivis-nano, if that is on the class path; anything else is a model's name on a hub, such as {@code kyutai/moshika-vis-pytorch-bf16}, for which moshivis-hub must be on the class path
     * @return the model, to be closed by the caller
     */
    public static MoshiVis load(String name) {
        return load(name, LoadOptions.defaults());
    }

    /**
     * Loads a model.
     *
     * @param name as for {@link #load(String)}
     * @param options how to load it
     * @return the model, to be closed by the caller
     * @throws IllegalArgumentException if nothing of the name is on disk, and it is no name of a hub, or moshivis-hub is missing
     * @throws io.github.moshivis.errors.HubException if files cannot be fetched
     * @throws io.github.moshivis.errors.CheckpointException if a file is missing, damaged, or of another model
     * @throws io.github.moshivis.errors.NativeException if LibTorch cannot be used, or memory does not suffice
     * @throws IllegalStateException as {@link #load(Path, LoadOptions)}
     */
    public static MoshiVis load(String name, LoadOptions options) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(options, "options");
        return load(Repositories.model(name, options), options);
    }

    /**
     * Loads a model from disk with the default options.
     *
     * @param path a directory with the files of a released repository, or its language model file with the others beside it
     * @return the model, to be closed by the caller
     */
    public static MoshiVis load(Path path) {
        return load(path, LoadOptions.defaults());
    }

    /**
     * Loads a model from disk. Its files are read in place and must not be changed while the model is open.
     *
     * @param path as for {@link #load(Path)}
     * @param options how to load it
     * @return the model, to be closed by the caller
     * @throws io.github.moshivis.errors.CheckpointException if a file is missing, damaged, or of another model
     * @throws io.github.moshivis.errors.NativeException if LibTorch cannot be used, or memory does not suffice
     * @throws IllegalStateException if moshivis-audio, or moshivis-vision for a model that sees images, is not on the class path
     */
    public static MoshiVis load(Path path, LoadOptions options) {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(options, "options");
        return new MoshiVis(ModelLoader.load(path, options, 0), options);
    }

    /**
     * Loads a model with speech to text beside its conversations: see {@link SessionOptions#transcribe}. What the model says does not depend
     * on it.
     *
     * @param name as for {@link #load(String)}
     * @param options the options
     * @param stt the speech-to-text model, which stays the caller's and must be closed after this one
     * @return the model, to be closed by the caller
     * @throws io.github.moshivis.errors.HubException as {@link #load(String, LoadOptions)}
     * @throws io.github.moshivis.errors.CheckpointException as {@link #load(String, LoadOptions)}
     */
    public static MoshiVis load(String name, LoadOptions options, SpeechToText stt) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(stt, "stt");
        return load(Repositories.model(name, options), options, stt);
    }

    /**
     * Loads a model from disk with speech to text beside its conversations: see {@link SessionOptions#transcribe}. What the model says does
     * not depend on it. If both models have the same codec, as the released ones have, one encoder serves both, and speech to text gets
     * its codes; else it gets the sound, and encodes it itself.
     *
     * @param path as for {@link #load(Path)}
     * @param options the options
     * @param stt the speech-to-text model, which stays the caller's and must be closed after this one
     * @return the model, to be closed by the caller
     * @throws io.github.moshivis.errors.CheckpointException as {@link #load(Path, LoadOptions)}
     */
    public static MoshiVis load(Path path, LoadOptions options, SpeechToText stt) {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(stt, "stt");
        boolean shares = SharedCodec.isSame(path, options, stt.model());
        int codebooks = shares ? stt.model().config().lm().audioStreams() : 0;
        return new MoshiVis(ModelLoader.load(path, options, codebooks), options, stt, shares);
    }

    /**
     * Checks that the device of some options can be used, without loading a model. Any thread.
     *
     * @param options their device counts
     * @throws io.github.moshivis.errors.NativeException if it cannot; the message says what was found and what is missing
     */
    public static void requireDevice(LoadOptions options) {
        LibTorch.require(OptionForms.device(Objects.requireNonNull(options, "options")));
    }

    /**
     * Says what a person needs to know when something does not work: platform, versions, devices, memory limits, why LibTorch would
     * not load, and what the other modules say of themselves. Never throws.
     *
     * @return several lines: {@link #findings} as text
     */
    public static String diagnose() {
        return findings().stream()
                .map(finding -> finding + System.lineSeparator())
                .collect(Collectors.joining());
    }

    /**
     * Returns the findings of {@link #diagnose}, for programs. Never throws.
     *
     * @return findings in the order of the report
     */
    public static List<Finding> findings() {
        return Stream.concat(LibTorch.findings().stream(), Providers.findings().stream())
                .toList();
    }

    /**
     * Options for a conversation without a picture.
     *
     * @return the default options
     */
    public SessionOptions session() {
        return new SessionOptions(this);
    }

    /**
     * Options for a conversation about a picture.
     *
     * @param image the picture
     * @return the default options with the picture
     */
    public SessionOptions session(Image image) {
        Objects.requireNonNull(image, "image");
        return session().image(image);
    }

    /**
     * Options for a conversation about a picture.
     *
     * @param image a file that holds the picture, which is read at once
     * @return the default options with the picture
     * @throws UncheckedIOException if the file cannot be read
     */
    public SessionOptions session(Path image) {
        Objects.requireNonNull(image, "image");
        try {
            return session(Image.read(image));
        } catch (IOException e) {
            throw new UncheckedIOException("The picture " + image.toAbsolutePath() + " cannot be read", e);
        }
    }

    /** Files that must not change while the model is open. */
    List<Path> files() {
        return model.files();
    }

    Session open(SessionOptions options) {
        if (backstop.isClosed()) {
            throw new IllegalStateException("This model is closed; load it again");
        }
        Supplier<ImageEncoder.Encoding> image = options.image()
                .map(picture -> prepare(picture, options.imageSize(), options.centerCrop()))
                .orElse(null);
        long textSeed = seed(options.textSeed());
        long audioSeed = seed(options.audioSeed());
        SlotOptions slot = new SlotOptions(
                options.sampling().controls(),
                textSeed,
                audioSeed,
                options.imageStart(),
                image,
                prompt(options),
                new int[0],
                options.pastSteps());
        SlotLease lease = options.claim(slots());
        model.engine().open(lease, slot);
        UserTranscription transcription = null;
        try {
            // Before the recording, whose files replace earlier ones: it may be refused.
            transcription = options.transcription()
                    .map(settings -> new UserTranscription(settings, sharesCodec))
                    .orElse(null);
            Recording recording =
                    options.startRecording(textSeed, audioSeed, model.engine().codesPerStep());
            if (transcription != null) {
                transcription.recordTo(recording);
            }
            return new Session(options, lease, model.vocabulary(), recording, transcription);
        } catch (RuntimeException | Error e) {
            if (transcription != null) {
                transcription.abandon();
            }
            lease.close();
            throw e;
        }
    }

    /**
     * Takes a ticket at the end of the queue for a conversation. Nothing waits: {@link SlotTicket#turn} completes when a slot is free,
     * at once if one is free now.
     *
     * @return the ticket, to be closed by the caller
     * @throws io.github.moshivis.errors.ConversationException if the model is closed
     */
    public SlotTicket ticket() {
        return new SlotTicket(slots());
    }

    /**
     * Counts the conversations that could begin now.
     *
     * @return 0 to {@link LoadOptions#maxConversations}
     */
    public int freeSlots() {
        return slots().free();
    }

    /**
     * Counts the tickets whose turn has not come.
     *
     * @return 0 or more
     */
    public int queueLength() {
        return slots().waiting();
    }

    Slots slots() {
        return model.engine().slots();
    }

    /** Settings of a transcription beside a conversation. */
    TranscriptionOptions transcription() {
        if (stt == null) {
            throw new IllegalStateException("This model was loaded without speech to text: it cannot say what the user"
                    + " says. Load it by MoshiVis.load(name, options, SpeechToText.load(...))");
        }
        return stt.transcription();
    }

    /**
     * Returns the speech-to-text model that this one was loaded with.
     *
     * @return the model; empty if it was loaded without
     */
    public Optional<SpeechToText> speechToText() {
        return Optional.ofNullable(stt);
    }

    /**
     * Returns whether conversations can be transcribed.
     *
     * @return true if the model was loaded with speech to text
     */
    public boolean canTranscribe() {
        return stt != null;
    }

    /** The prompt that a conversation begins with; null for a model that takes none. */
    private PromptRequest prompt(SessionOptions options) {
        if (model.voices() != null) {
            return model.voices().prompt(options.voice(), options.role());
        }
        if (options.voice().isPresent() || options.role().isPresent()) {
            throw new IllegalStateException(
                    "This model takes no voice and no role: expected PersonaPlex. Load one, such as"
                            + " nvidia/personaplex-7b-v1, or leave them out");
        }
        return null;
    }

    /**
     * Names of the voices that came with a PersonaPlex model, for {@link SessionOptions#voice}.
     *
     * @return names; empty if there are none; absent if the model takes no voice and no role
     */
    public Optional<List<String>> voices() {
        return Optional.ofNullable(model.voices()).map(Voices::names);
    }

    /**
     * Default sampling of this model: what its configuration asks for ({@code lm_gen_config} in the {@code config.json} of a Moshi), and a
     * reference's defaults for everything else. Conversations begin with those of {@link SamplingProfile#PYTORCH}.
     *
     * @param profile the reference for settings that the configuration leaves open
     * @return all settings
     */
    public SamplingOptions samplingDefaults(SamplingProfile profile) {
        return SamplingOptions.of(profile).with(model.sampling());
    }

    /**
     * Returns the sizes of image features.
     *
     * @return their tokens; empty if the model cannot look at pictures
     */
    public Optional<ImageFeatures> imageFeatures() {
        return Optional.ofNullable(model.images()).map(images -> new ImageFeatures(images.maxTokens(), images.width()));
    }

    /**
     * Returns the bytes of weights that a step reads. No step is faster than the device reads so much memory.
     *
     * @return for each stage
     */
    public WeightReads weightReads() {
        return model.reads();
    }

    /**
     * Returns the times of all steps since the model was loaded, whatever the number of conversations in them.
     *
     * @return all until now
     */
    public FrameTimes statistics() {
        return FrameTimes.of(model.engine().times());
    }

    /**
     * Counts how often conversations with live sources have fallen behind.
     *
     * @return the counts of all conversations, ended ones too
     */
    public LagCounts lagCounts() {
        return lags.counts();
    }

    LagCounter lags() {
        return lags;
    }

    /**
     * Returns the memory of the tensors that all models of this process keep: weights, mapped files included, and the state of
     * conversations, on all devices.
     *
     * @return bytes
     */
    public static long tensorBytes() {
        return NativeMemory.snapshot().keptBytes();
    }

    /**
     * Returns the options that the model was loaded with.
     *
     * @return the options
     */
    public LoadOptions options() {
        return options;
    }

    @Override
    public String toString() {
        return "MoshiVis[" + (backstop.isClosed() ? "closed, " : "") + options + "]";
    }

    private static long seed(OptionalLong chosen) {
        return chosen.orElseGet(() -> ThreadLocalRandom.current().nextLong());
    }

    /** Prepares a picture; returns what begins to encode it. */
    Supplier<ImageEncoder.Encoding> prepare(Image image, OptionalInt size, boolean centerCrop) {
        if (model.images() == null) {
            throw new IllegalStateException("This model cannot look at pictures: it has no cross-attention."
                    + " Load a MoshiVis checkpoint, or talk without a picture");
        }
        return model.images().prepare(image, size, centerCrop);
    }

    /** Ends all conversations, waits for the running step, and frees the model. Idempotent. */
    @Override
    public void close() {
        backstop.close();
    }
}

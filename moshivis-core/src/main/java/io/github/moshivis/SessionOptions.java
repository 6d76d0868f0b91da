package io.github.moshivis;

import io.github.moshivis.engine.SlotLease;
import io.github.moshivis.engine.Slots;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.plugin.Providers;
import io.github.moshivis.recording.Recording;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Settings of one conversation. Immutable and safe for use by several threads; every setter returns a copy. Made by
 * {@link MoshiVis#session()}.
 */
public final class SessionOptions {
    /** Eighty years: positions beyond are rounded too much to be told apart. */
    private static final long MAX_PAST_STEPS = 1L << 35;

    /** Durations are whole nanoseconds: less is rounding. */
    private static final double NANO = 1e-9;

    private final MoshiVis model;
    private final Values values;

    SessionOptions(MoshiVis model) {
        this(model, new Values(model.samplingDefaults(SamplingProfile.PYTORCH)));
    }

    private SessionOptions(MoshiVis model, Values values) {
        this.model = model;
        this.values = values;
    }

    /** Values of all settings; not changed once they belong to options. */
    private static final class Values implements Cloneable {
        private Image image;
        private Integer imageSize;
        private boolean centerCrop;
        private long imageStart;
        private String voice;
        private String role;
        private long pastSteps;
        private SamplingOptions sampling;
        private Long textSeed;
        private Long audioSeed;
        private Duration maxDuration;
        private Duration waitForSlot;
        private SlotTicket ticket;
        private LagPolicy lagPolicy;
        private Path record;
        private Consumer<? super SlotTicket> onWaiting;
        private Consumer<? super TextPiece> onText;
        private Consumer<? super Reply> onReply;
        private Consumer<? super Lag> onLag;
        private Consumer<? super EndReason> onEnd;
        private TranscriptionOptions transcription;

        Values(SamplingOptions sampling) {
            this.sampling = sampling;
        }

        Values copy() {
            try {
                return (Values) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /**
     * Sets the picture of the conversation.
     *
     * @param value the picture
     * @return a copy
     */
    public SessionOptions image(Image value) {
        return with(copy -> copy.image = Objects.requireNonNull(value, "image"));
    }

    /**
     * Sets the size that pictures are resized to, without regard to their aspect ratio.
     *
     * @param pixels pixels a side; default the size the encoder was trained with, or the largest the model was loaded for if that
     *     is smaller
     * @return a copy
     */
    public SessionOptions imageSize(int pixels) {
        return with(copy -> copy.imageSize = checkedImageSize(pixels));
    }

    /**
     * Cuts pictures to the square in their middle before they are resized, which keeps their aspect ratio and loses their edges.
     *
     * @param value whether to cut; default false
     * @return a copy
     */
    public SessionOptions centerCrop(boolean value) {
        return with(copy -> copy.centerCrop = value);
    }

    /**
     * Lets the first steps run without the picture (the reference's {@code xa_start}).
     *
     * @param steps number of steps of 80 ms; default 0
     * @return a copy
     */
    public SessionOptions imageStart(long steps) {
        if (steps < 0) {
            throw new IllegalArgumentException("imageStart must be at least 0 steps, found " + steps);
        }
        return with(copy -> copy.imageStart = steps);
    }

    /**
     * Sets the voice that a PersonaPlex model speaks with. Heard before the first frame, once: the state after it is kept for later
     * conversations with the same voice and role.
     *
     * @param nameOrFile a voice of the release, such as {@code NATF2}; a {@code .pt} file; or a recording of some seconds
     * @return a copy
     */
    public SessionOptions voice(String nameOrFile) {
        return with(copy -> copy.voice = Objects.requireNonNull(nameOrFile, "voice"));
    }

    /**
     * Sets the role that a PersonaPlex model plays, such as "You work for a railway and know its timetable".
     *
     * @param text plain text, in the language of the model; blank for none
     * @return a copy
     */
    public SessionOptions role(String text) {
        return with(copy -> copy.role = Objects.requireNonNull(text, "role"));
    }

    /**
     * Starts the conversation as if steps had gone before, of which nothing but their number is known: for measurements with a
     * full attention window.
     *
     * @param steps number of steps of 80 ms; default 0
     * @return a copy
     */
    public SessionOptions pastSteps(long steps) {
        if (steps < 0 || steps > MAX_PAST_STEPS) {
            throw new IllegalArgumentException(
                    "pastSteps must be from 0 to " + MAX_PAST_STEPS + " steps, found " + steps + "; correct it");
        }
        return with(copy -> copy.pastSteps = steps);
    }

    /**
     * Sets how text tokens and audio codes are chosen.
     *
     * @param value the settings; default {@link SamplingOptions#defaults}
     * @return a copy
     */
    public SessionOptions sampling(SamplingOptions value) {
        return with(copy -> copy.sampling = Objects.requireNonNull(value, "sampling"));
    }

    /**
     * Changes the choice of text tokens and audio codes, for example {@code sampling(s -> s.textTemperature(0.4))}.
     *
     * @param change gets the present settings and returns those to use
     * @return a copy
     */
    public SessionOptions sampling(UnaryOperator<SamplingOptions> change) {
        return sampling(Objects.requireNonNull(change, "change").apply(values.sampling));
    }

    /**
     * Always takes the most likely token and code; the same as both temperatures 0.
     *
     * @return a copy
     */
    public SessionOptions greedy() {
        return sampling(values.sampling.greedy());
    }

    /**
     * Sets the seed of all random choices. The same inputs, seed, options, device, thread count and batch size give the same
     * output.
     *
     * @param value the seed; default a different one for each conversation
     * @return a copy with both seeds, text and sound, derived from this one
     */
    public SessionOptions seed(long value) {
        return textSeed(value).audioSeed(~value);
    }

    /**
     * Sets the seed of the choices of text.
     *
     * @param value the seed; default a different one for each conversation
     * @return a copy
     */
    public SessionOptions textSeed(long value) {
        return with(copy -> copy.textSeed = value);
    }

    /**
     * Sets the seed of the choices of sound.
     *
     * @param value the seed; default a different one for each conversation
     * @return a copy
     */
    public SessionOptions audioSeed(long value) {
        return with(copy -> copy.audioSeed = value);
    }

    /**
     * Limits the duration of the user's sound: frames of 80 ms, skipped ones included, rounded up. Then the conversation ends as if its source had ended; a {@link Session} refuses further steps.
     *
     * @param value more than zero; default no limit
     * @return a copy
     */
    public SessionOptions maxDuration(Duration value) {
        Objects.requireNonNull(value, "value");
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("maxDuration must be more than zero, found " + value
                    + "; leave it out for a conversation without a limit");
        }
        return with(copy -> copy.maxDuration = value);
    }

    /**
     * Lets opening wait while all conversations of the model are in use: first come, first served. The thread that opens waits; an
     * interrupt, {@link SlotTicket#close} and the end of the model end the wait with a {@code ConversationException}.
     *
     * @param timeout maximum wait; zero or more; default not to wait but to fail at once
     * @return a copy
     */
    public SessionOptions waitForSlot(Duration timeout) {
        SlotTicket.checkTimeout(timeout);
        return with(copy -> copy.waitForSlot = timeout);
    }

    /**
     * Sets the listener of the wait for a slot, see {@link #waitForSlot}: called by the waiting thread when the wait begins and
     * whenever its position changes. An exception that it throws is logged.
     *
     * @param listener gets the ticket, which has the position and can be closed at any time to give up
     * @return a copy
     */
    public SessionOptions onWaiting(Consumer<? super SlotTicket> listener) {
        return with(copy -> copy.onWaiting = Objects.requireNonNull(listener, "onWaiting"));
    }

    /**
     * Opens with the slot of a ticket, for hosts that hold no thread while a caller waits. Without {@link #waitForSlot} the ticket's
     * turn must have come. The options open one session.
     *
     * @param value a ticket of this model; the session takes its slot over, and an opening that fails before leaves it as it was
     * @return a copy
     * @throws IllegalArgumentException if it is a ticket of another model
     */
    public SessionOptions ticket(SlotTicket value) {
        if (!Objects.requireNonNull(value, "value").isOf(model.slots())) {
            throw new IllegalArgumentException("The ticket is one of another model; take one of this model");
        }
        return with(copy -> copy.ticket = value);
    }

    /**
     * Sets the policy for frames that wait because the model cannot keep up with the user. Not used by a {@link Session}.
     *
     * @param value default what suits the source: see {@link LagPolicy}
     * @return a copy
     */
    public SessionOptions lagPolicy(LagPolicy value) {
        return with(copy -> copy.lagPolicy = Objects.requireNonNull(value, "lagPolicy"));
    }

    /**
     * Records the conversation while it goes on: a WAV file with the user on the left and the model on the right, each of the
     * model's frames beside the user's frame that brought it, and beside the WAV file, when the conversation ends, files of the same
     * name that end in {@code .json} (seeds, options, transcript) and {@code .safetensors} (text tokens, gates and codes of both).
     * Files that exist are replaced. If the program dies, the WAV file lacks its last second and the others have {@code .partial}
     * names. If a file cannot be written, because the disk is full for example, the conversation ends with that cause, and what was
     * recorded before stays. Needs moshivis-audio.
     *
     * @param file the WAV file; its name ends in {@code .wav}; one for each conversation
     * @return a copy
     * @throws IllegalArgumentException if the name does not end in {@code .wav}
     */
    public SessionOptions record(Path file) {
        return with(copy -> copy.record = Recording.checked(Objects.requireNonNull(file, "file")));
    }

    /**
     * Sets the listener of lags of a conversation with a live source. Called like {@link #onText}, but events are dropped while
     * the listener is more than 256 events behind.
     *
     * @param listener gets each lag
     * @return a copy
     */
    public SessionOptions onLag(Consumer<? super Lag> listener) {
        return with(copy -> copy.onLag = Objects.requireNonNull(listener, "onLag"));
    }

    /**
     * Sets the listener of the model's text. Called on a thread of the conversation, one piece at a time and in order, only with
     * text that shows something. A listener that is slow delays its own conversation, never another; an exception that it throws
     * is logged. Not called for a {@link Session}.
     *
     * @param listener gets each piece
     * @return a copy
     */
    public SessionOptions onText(Consumer<? super TextPiece> listener) {
        return with(copy -> copy.onText = Objects.requireNonNull(listener, "onText"));
    }

    /**
     * Sets the listener of all replies, those without output included. Called like {@link #onText}.
     *
     * @param listener gets each reply
     * @return a copy
     */
    public SessionOptions onReply(Consumer<? super Reply> listener) {
        return with(copy -> copy.onReply = Objects.requireNonNull(listener, "onReply"));
    }

    /**
     * Sets the listener of the end of a conversation: called once, on a thread of the conversation, after all other events
     * and before {@link Conversation#join} returns. Not called for a {@link Session}.
     *
     * @param listener hears the reason
     * @return a copy
     */
    public SessionOptions onEnd(Consumer<? super EndReason> listener) {
        return with(copy -> copy.onEnd = Objects.requireNonNull(listener, "onEnd"));
    }

    /**
     * Transcribes the user beside the conversation, on a separate thread that never holds the
     * conversation up. Words, pauses and ends of turns are told to the listeners that the change sets, for a {@link Session} too, on the
     * user's clock: second 0 is the first sample. A microphone that hears the model's voice brings the model's words as well.
     *
     * <pre>{@code
     * model.session().transcribe(user -> user.onWord(word -> show(word)).onEndOfTurn(end -> answer()))
     * }</pre>
     *
     * @param change gets the present settings, or the default ones, and returns those to use
     * @return a copy
     * @throws IllegalStateException if the model was loaded without speech to text, see {@link MoshiVis#load(String,
     *     io.github.moshivis.load.LoadOptions, SpeechToText)}, or lacks the pause heads that the listeners need
     */
    public SessionOptions transcribe(UnaryOperator<TranscriptionOptions> change) {
        TranscriptionOptions changed =
                change.apply(values.transcription == null ? model.transcription() : values.transcription);
        changed.check();
        return with(copy -> copy.transcription = changed);
    }

    /**
     * Opens a conversation that the caller steps.
     *
     * @return the session, to be closed by the caller
     * @throws io.github.moshivis.errors.ConversationException if all conversations of the model are in use, and
     *     {@link #waitForSlot} was not asked for or ended without a slot
     * @throws io.github.moshivis.errors.MediaException if the picture or the voice cannot be decoded, or the recording's
     *     sound cannot be written
     * @throws IllegalArgumentException if there is no such voice, it does not fit the model, or the picture's size is more than the
     *     model was loaded for
     * @throws IllegalStateException if the model is closed, or cannot look at pictures or take a voice or role
     */
    public Session open() {
        return model.open(this);
    }

    /**
     * Starts a conversation that runs on its own threads until the source ends.
     *
     * @param source the user's sound; opened, owned and closed by the conversation, also if it cannot start
     * @param sink destination of the model's sound; likewise
     * @return the conversation, to be closed by the caller
     * @throws io.github.moshivis.errors.ConversationException if opening the source or the sink throws a checked exception, or as {@link
     *     #open}
     * @throws io.github.moshivis.errors.MediaException if source, sink and recording would read and write one file, if the source or
     *     the sink throws it when opened (as those of this library do), or as {@link #open}
     * @throws IllegalStateException as {@link #open}
     */
    public Conversation start(AudioSource source, AudioSink sink) {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(sink, "sink");
        return Conversation.start(this, source, sink);
    }

    /**
     * Runs a conversation and waits for its end: {@link #start} and {@link Conversation#join}.
     *
     * @param source the user's sound; opened, owned and closed here
     * @param sink destination of the model's sound; likewise
     * @throws io.github.moshivis.errors.ConversationException as {@link #start} and {@link Conversation#join}
     * @throws io.github.moshivis.errors.MediaException as {@link #start}
     * @throws IllegalStateException as {@link #start}
     */
    public void run(AudioSource source, AudioSink sink) {
        try (Conversation conversation = start(source, sink)) {
            conversation.join();
        }
    }

    /** Returns a copy with one change. */
    private SessionOptions with(Consumer<Values> change) {
        Values copy = values.copy();
        change.accept(copy);
        return new SessionOptions(model, copy);
    }

    @Override
    public String toString() {
        Map<String, Object> set = new LinkedHashMap<>();
        set.put("image", values.image);
        set.put("imageSize", values.imageSize);
        set.put("centerCrop", values.centerCrop);
        set.put("imageStart", values.imageStart);
        set.put("voice", values.voice);
        set.put("role", values.role);
        set.put("pastSteps", values.pastSteps);
        set.put("sampling", values.sampling);
        set.put("textSeed", values.textSeed);
        set.put("audioSeed", values.audioSeed);
        set.put("maxDuration", values.maxDuration);
        set.put("waitForSlot", values.waitForSlot);
        set.put("lagPolicy", values.lagPolicy);
        set.put("record", values.record);
        set.values().removeIf(Objects::isNull);
        return "SessionOptions" + set;
    }

    static int checkedImageSize(int pixels) {
        if (pixels < 1) {
            throw new IllegalArgumentException("The image size must be at least 1 pixel, found " + pixels);
        }
        return pixels;
    }

    MoshiVis model() {
        return model;
    }

    Optional<Image> image() {
        return Optional.ofNullable(values.image);
    }

    OptionalInt imageSize() {
        return values.imageSize == null ? OptionalInt.empty() : OptionalInt.of(values.imageSize);
    }

    boolean centerCrop() {
        return values.centerCrop;
    }

    long imageStart() {
        return values.imageStart;
    }

    long pastSteps() {
        return values.pastSteps;
    }

    SamplingOptions sampling() {
        return values.sampling;
    }

    Optional<String> voice() {
        return Optional.ofNullable(values.voice);
    }

    Optional<String> role() {
        return Optional.ofNullable(values.role);
    }

    OptionalLong textSeed() {
        return values.textSeed == null ? OptionalLong.empty() : OptionalLong.of(values.textSeed);
    }

    OptionalLong audioSeed() {
        return values.audioSeed == null ? OptionalLong.empty() : OptionalLong.of(values.audioSeed);
    }

    /** Maximum number of user frames. */
    long maxFrames() {
        return values.maxDuration == null
                ? Long.MAX_VALUE
                : (long) Math.ceil(
                        (values.maxDuration.getSeconds() + NANO * values.maxDuration.getNano()) * AudioSource.FRAME_RATE
                                - NANO);
    }

    /** True if late frames are skipped, false if they wait. */
    boolean skips(AudioSource source) {
        return values.lagPolicy == null ? source.isLive() : values.lagPolicy == LagPolicy.SKIP_OLDEST;
    }

    /** Files that a recording will write. */
    List<Path> recordingFiles() {
        return values.record == null ? List.of() : Recording.files(values.record);
    }

    /**
     * Begins the recording, if one is wanted.
     *
     * @param textSeed as drawn
     * @param audioSeed as drawn
     * @param codes codes in a step, the model's and the user's
     * @return it, or null
     */
    Recording startRecording(long textSeed, long audioSeed, int codes) {
        if (values.record == null) {
            return null;
        }
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("text_seed", textSeed);
        about.put("audio_seed", audioSeed);
        about.putAll(values.sampling.toMap());
        about.put("has_image", values.image != null);
        about.put("image_resolution", values.imageSize);
        about.put("center_crop", values.centerCrop);
        about.put("xa_start", values.imageStart);
        about.put("wav", values.record.getFileName().toString());
        about.put(
                "tensors",
                Recording.beside(values.record, ".safetensors").getFileName().toString());
        return new Recording(
                values.record,
                Providers.soundFiles().stereo(values.record),
                about,
                codes,
                values.transcription != null);
    }

    /** Gets a slot in the chosen way. */
    SlotLease claim(Slots slots) {
        return SlotTicket.claim(slots, values.ticket, values.waitForSlot, values.onWaiting);
    }

    Optional<TranscriptionOptions> transcription() {
        return Optional.ofNullable(values.transcription);
    }

    Optional<Consumer<? super EndReason>> onEnd() {
        return Optional.ofNullable(values.onEnd);
    }

    Optional<Consumer<? super Lag>> onLag() {
        return Optional.ofNullable(values.onLag);
    }

    Optional<Consumer<? super TextPiece>> onText() {
        return Optional.ofNullable(values.onText);
    }

    Optional<Consumer<? super Reply>> onReply() {
        return Optional.ofNullable(values.onReply);
    }
}

package io.github.moshivis;

import io.github.moshivis.engine.Patience;
import io.github.moshivis.engine.Place;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.lm.Controls;
import io.github.moshivis.lm.Sampling;
import io.github.moshivis.plugin.Providers;
import io.github.moshivis.recording.Recording;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How a conversation shall be. Immutable; every setting returns a copy, so options can be kept and used again, and no setting of
 * one conversation reaches another. Made by {@link MoshiVis#session()}.
 */
public final class SessionOptions implements Cloneable {
    /** The defaults are those of the PyTorch reference. */
    private static final Controls CONTROLS = Controls.of(new Sampling(0.7, 25, 1), new Sampling(0.8, 250, 1));

    private static final double FRAMES_PER_SECOND = (double) AudioSource.SAMPLE_RATE / AudioSource.FRAME_SAMPLES;

    /** Eighty years: positions beyond are rounded too much to be told apart. */
    private static final long MOST_PAST_STEPS = 1L << 35;

    /** Durations are whole nanoseconds: less is rounding. */
    private static final double NANO = 1e-9;

    /** What stays as it is while a conversation goes on. */
    private static final Map<String, Function<SessionOptions, Object>> FIXED = Map.ofEntries(
            Map.entry("model", options -> options.model),
            Map.entry("image", options -> options.image),
            Map.entry("imageStart", options -> options.imageStart),
            Map.entry("voice", options -> options.voice),
            Map.entry("role", options -> options.role),
            Map.entry("textSeed", options -> options.textSeed),
            Map.entry("audioSeed", options -> options.audioSeed),
            Map.entry("maxDuration", options -> options.maxDuration),
            Map.entry("waitForSlot", options -> options.waitForSlot),
            Map.entry("lagPolicy", options -> options.lagPolicy),
            Map.entry("record", options -> options.record),
            Map.entry("onWaiting", options -> options.onWaiting),
            Map.entry("onText", options -> options.onText),
            Map.entry("onReply", options -> options.onReply),
            Map.entry("onLag", options -> options.onLag),
            Map.entry("onEnd", options -> options.onEnd));

    private final MoshiVis model;
    private Image image;
    private Integer imageSize;
    private boolean centerCrop;
    private long imageStart;
    private String voice;
    private String role;
    private long pastSteps;
    private Controls controls = CONTROLS;
    private Long textSeed;
    private Long audioSeed;
    private Duration maxDuration;
    private Duration waitForSlot;
    private LagPolicy lagPolicy;
    private Path record;
    private Consumer<? super Waiting> onWaiting;
    private Consumer<? super TextPiece> onText;
    private Consumer<? super Reply> onReply;
    private Consumer<? super Lag> onLag;
    private Consumer<? super EndReason> onEnd;

    SessionOptions(MoshiVis model) {
        this.model = model;
    }

    /**
     * Sets the picture to talk about. Without one the model just talks.
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
        if (pixels < 1) {
            throw new IllegalArgumentException("The image size must be at least 1 pixel, found " + pixels);
        }
        return with(copy -> copy.imageSize = pixels);
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
     * @param steps how many steps of 80 ms; default 0
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
     * Lets the conversation begin as if steps had gone before, of which nothing is remembered but their number: for measurements
     * with a full attention window.
     *
     * @param steps how many steps of 80 ms; default 0
     * @return a copy
     */
    public SessionOptions pastSteps(long steps) {
        if (steps < 0 || steps > MOST_PAST_STEPS) {
            throw new IllegalArgumentException(
                    "pastSteps must be from 0 to " + MOST_PAST_STEPS + " steps, found " + steps + "; correct it");
        }
        return with(copy -> copy.pastSteps = steps);
    }

    /**
     * Sets how freely text is chosen.
     *
     * @param value 0 takes the most likely token, else 0.001 to 100; default 0.7
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SessionOptions textTemperature(double value) {
        return text(controls.text().temperature(value));
    }

    /**
     * Sets how many of the most likely text tokens take part.
     *
     * @param value 0 is no limit; default 25; more than there are is no limit either
     * @return a copy
     */
    public SessionOptions textTopK(int value) {
        return text(controls.text().topK(value));
    }

    /**
     * Sets how much probability the text tokens that take part have at least. A token must be within top-k and top-p both.
     *
     * @param value 0 (the most likely token) to 1 (no limit); default 1
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SessionOptions textTopP(double value) {
        return text(controls.text().topP(value));
    }

    /**
     * Sets how much the model avoids text that it said lately: logits of at least 0 are divided by this, others multiplied.
     *
     * @param value 0.01 to 100; 1, the default, changes nothing; the reference's web page asks for 1.15
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SessionOptions repetitionPenalty(double value) {
        return controls(controls.repetitionPenalty(value));
    }

    /**
     * Sets what "lately" is for {@link #repetitionPenalty}.
     *
     * @param tokens how many of the last text tokens count, 0 to 256; padding does not count; default 64
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SessionOptions repetitionContext(int tokens) {
        return controls(controls.repetitionContext(tokens));
    }

    /**
     * Makes silence in the text stream more or less likely: its probability is multiplied by the exponential of this. Changes
     * nothing at a text temperature of 0.
     *
     * @param exponent -30 to 30; more than 0 for more silence; default 0
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SessionOptions padMultiplier(double exponent) {
        return controls(controls.padMultiplier(exponent));
    }

    /**
     * Cools the text's temperature while the model looks at the picture: it is multiplied by {@code 1 - influence * clamp(gate /
     * 0.016, 0, 0.99)}.
     *
     * @param influence 0 to 1; default 0
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SessionOptions gateInfluence(double influence) {
        return controls(controls.gateInfluence(influence));
    }

    /**
     * Sets how freely sound is chosen.
     *
     * @param value 0 takes the most likely code, else 0.001 to 100; default 0.8
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SessionOptions audioTemperature(double value) {
        return audio(controls.audio().temperature(value));
    }

    /**
     * Sets how many of the most likely codes take part.
     *
     * @param value 0 is no limit; default 250
     * @return a copy
     */
    public SessionOptions audioTopK(int value) {
        return audio(controls.audio().topK(value));
    }

    /**
     * Sets how much probability the codes that take part have at least. A code must be within top-k and top-p both.
     *
     * @param value 0 (the most likely code) to 1 (no limit); default 1
     * @return a copy
     * @throws IllegalArgumentException if the value is out of its range
     */
    public SessionOptions audioTopP(double value) {
        return audio(controls.audio().topP(value));
    }

    /**
     * Always takes the most likely token and code; the same as both temperatures 0.
     *
     * @return a copy
     */
    public SessionOptions greedy() {
        return textTemperature(0).audioTemperature(0);
    }

    private SessionOptions text(Sampling value) {
        return controls(controls.text(value));
    }

    private SessionOptions audio(Sampling value) {
        return controls(controls.audio(value));
    }

    private SessionOptions controls(Controls value) {
        return with(copy -> copy.controls = value);
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
     * Limits how much of the user is heard, in the user's time: frames of 80 ms, those that are skipped included, and a begun one
     * counts. Then the conversation ends as if its source had ended; a {@link Session} refuses further steps.
     *
     * @param value more than zero; default no limit
     * @return a copy
     */
    public SessionOptions maxDuration(Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("maxDuration must be more than zero, found " + value
                    + "; leave it out for a conversation without a limit");
        }
        return with(copy -> copy.maxDuration = value);
    }

    /**
     * Lets opening wait while all conversations of the model are in use: first come, first served. The thread that opens waits; an
     * interrupt, {@link Waiting#cancel} and the end of the model end the wait with a {@code ConversationException}.
     *
     * @param timeout how long at most; zero or more; default not to wait but to fail at once
     * @return a copy
     */
    public SessionOptions waitForSlot(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("waitForSlot must be zero or more, found " + timeout + "; correct it");
        }
        return with(copy -> copy.waitForSlot = timeout);
    }

    /**
     * Sets who hears of the wait for a place, see {@link #waitForSlot}: called by the waiting thread when the wait begins and
     * whenever its position changes. An exception that it throws is logged.
     *
     * @param listener hears the position, and can cancel the wait at any time
     * @return a copy
     */
    public SessionOptions onWaiting(Consumer<? super Waiting> listener) {
        return with(copy -> copy.onWaiting = Objects.requireNonNull(listener, "onWaiting"));
    }

    /**
     * Sets what happens while the model cannot keep up with the user. Not used by a {@link Session}.
     *
     * @param value default what suits the source: see {@link LagPolicy}
     * @return a copy
     */
    public SessionOptions lagPolicy(LagPolicy value) {
        return with(copy -> copy.lagPolicy = Objects.requireNonNull(value, "lagPolicy"));
    }

    /**
     * Writes the conversation down while it goes on: a WAV file with the user on the left and the model on the right, each of the
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
        return with(copy -> copy.record = Recording.checked(file));
    }

    /**
     * Sets who hears when a conversation with a live source falls behind. Called like {@link #onText}, but what happens while the
     * listener is more than 256 events behind is not told.
     *
     * @param listener hears each lag
     * @return a copy
     */
    public SessionOptions onLag(Consumer<? super Lag> listener) {
        return with(copy -> copy.onLag = Objects.requireNonNull(listener, "onLag"));
    }

    /**
     * Sets who hears the text as it is said. Called on a thread of the conversation, one piece at a time and in order, only with
     * text that shows something. A listener that is slow delays its own conversation, never another; an exception that it throws
     * is logged. Not called for a {@link Session}.
     *
     * @param listener hears each piece
     * @return a copy
     */
    public SessionOptions onText(Consumer<? super TextPiece> listener) {
        return with(copy -> copy.onText = Objects.requireNonNull(listener, "onText"));
    }

    /**
     * Sets who hears every reply, those without output too. Called like {@link #onText}.
     *
     * @param listener hears each reply
     * @return a copy
     */
    public SessionOptions onReply(Consumer<? super Reply> listener) {
        return with(copy -> copy.onReply = Objects.requireNonNull(listener, "onReply"));
    }

    /**
     * Sets who hears of the end of a conversation that had begun: called once, on a thread of the conversation, after all other events
     * and before {@link Conversation#join} returns. Not called for a {@link Session}.
     *
     * @param listener hears the reason
     * @return a copy
     */
    public SessionOptions onEnd(Consumer<? super EndReason> listener) {
        return with(copy -> copy.onEnd = Objects.requireNonNull(listener, "onEnd"));
    }

    /**
     * Opens a conversation that the caller steps.
     *
     * @return the session, to be closed by the caller
     * @throws io.github.moshivis.errors.ConversationException if all conversations of the model are in use, and
     *     {@link #waitForSlot} was not asked for or ended without a place
     * @throws io.github.moshivis.errors.MediaException if the picture cannot be decoded
     * @throws IllegalStateException if the model is closed, or cannot look at pictures
     */
    public Session open() {
        return model.open(this);
    }

    /**
     * Starts a conversation that runs by itself until the source ends.
     *
     * @param source the user's voice; opened, owned and closed by the conversation, also if it cannot start
     * @param sink where the model's voice goes; likewise
     * @return the conversation, to be closed by the caller
     * @throws io.github.moshivis.errors.ConversationException if the source or the sink cannot be opened, or as {@link #open}
     */
    public Conversation start(AudioSource source, AudioSink sink) {
        return Conversation.start(this, source, sink);
    }

    /**
     * Runs a conversation and waits for its end: {@link #start} and {@link Conversation#join}.
     *
     * @param source the user's voice; opened, owned and closed here
     * @param sink where the model's voice goes; likewise
     * @throws io.github.moshivis.errors.ConversationException as {@link #start} and {@link Conversation#join}
     */
    public void run(AudioSource source, AudioSink sink) {
        try (Conversation conversation = start(source, sink)) {
            conversation.join();
        }
    }

    /** A copy with one change. */
    private SessionOptions with(Consumer<SessionOptions> change) {
        SessionOptions copy = clone();
        change.accept(copy);
        return copy;
    }

    @Override
    protected SessionOptions clone() {
        try {
            return (SessionOptions) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    MoshiVis model() {
        return model;
    }

    Optional<Image> image() {
        return Optional.ofNullable(image);
    }

    OptionalInt imageSize() {
        return imageSize == null ? OptionalInt.empty() : OptionalInt.of(imageSize);
    }

    boolean centerCrop() {
        return centerCrop;
    }

    long imageStart() {
        return imageStart;
    }

    long pastSteps() {
        return pastSteps;
    }

    Controls controls() {
        return controls;
    }

    Optional<String> voice() {
        return Optional.ofNullable(voice);
    }

    Optional<String> role() {
        return Optional.ofNullable(role);
    }

    OptionalLong textSeed() {
        return textSeed == null ? OptionalLong.empty() : OptionalLong.of(textSeed);
    }

    OptionalLong audioSeed() {
        return audioSeed == null ? OptionalLong.empty() : OptionalLong.of(audioSeed);
    }

    /** How many frames of the user are heard at most. */
    long maxFrames() {
        return maxDuration == null
                ? Long.MAX_VALUE
                : (long)
                        Math.ceil((maxDuration.getSeconds() + NANO * maxDuration.getNano()) * FRAMES_PER_SECOND - NANO);
    }

    /** Whether frames are skipped rather than made to wait. */
    boolean skips(AudioSource source) {
        return lagPolicy == null ? source.isLive() : lagPolicy == LagPolicy.SKIP_OLDEST;
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
        if (record == null) {
            return null;
        }
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("text_seed", textSeed);
        about.put("audio_seed", audioSeed);
        about.put("text_temperature", controls.text().temperature());
        about.put("text_topk", controls.text().topK());
        about.put("text_topp", controls.text().topP());
        about.put("audio_temperature", controls.audio().temperature());
        about.put("audio_topk", controls.audio().topK());
        about.put("audio_topp", controls.audio().topP());
        about.put("repetition_penalty", controls.repetitionPenalty());
        about.put("repetition_penalty_context", controls.repetitionContext());
        about.put("pad_mult", controls.padMultiplier());
        about.put("text_temperature_gating_influence", controls.gateInfluence());
        about.put("has_image", image != null);
        about.put("image_resolution", imageSize);
        about.put("center_crop", centerCrop);
        about.put("xa_start", imageStart);
        about.put("wav", record.getFileName().toString());
        about.put(
                "tensors",
                Recording.beside(record, ".safetensors").getFileName().toString());
        return new Recording(record, Providers.soundFiles().stereo(record), about, codes);
    }

    /** How to wait for a slot, or null not to wait. */
    Patience patience() {
        if (waitForSlot == null) {
            return null;
        }
        Consumer<? super Waiting> listener = onWaiting == null ? waiting -> {} : onWaiting;
        Map<Place, Waiting> handle = new HashMap<>();
        return new Patience(waitForSlot, place -> listener.accept(handle.computeIfAbsent(place, Waiting::new)));
    }

    /**
     * Checks that a change can be made while a conversation goes on.
     *
     * @throws IllegalArgumentException naming what cannot
     */
    void requireChangeable(SessionOptions changed) {
        FIXED.forEach((name, setting) -> {
            if (!Objects.equals(setting.apply(this), setting.apply(changed))) {
                throw new IllegalArgumentException("Cannot change " + name + " while a conversation goes on; expected"
                        + " a change of temperatures, limits, modifiers of text, image size or centre crop."
                        + (name.equals("image") ? " Use image(..) of the conversation" : " Set it before opening"));
            }
        });
    }

    Optional<Consumer<? super EndReason>> onEnd() {
        return Optional.ofNullable(onEnd);
    }

    Optional<Consumer<? super Lag>> onLag() {
        return Optional.ofNullable(onLag);
    }

    Optional<Consumer<? super TextPiece>> onText() {
        return Optional.ofNullable(onText);
    }

    Optional<Consumer<? super Reply>> onReply() {
        return Optional.ofNullable(onReply);
    }
}

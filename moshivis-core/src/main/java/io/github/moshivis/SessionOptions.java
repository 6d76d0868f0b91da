package io.github.moshivis;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.lm.Sampling;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * How a conversation shall be. Immutable; every setting returns a copy, so options can be kept and used again, and no setting of
 * one conversation reaches another. Made by {@link MoshiVis#session()}.
 */
public final class SessionOptions implements Cloneable {
    /** The defaults are those of the PyTorch reference. */
    private static final Sampling TEXT = new Sampling(0.7, 25);

    private static final Sampling AUDIO = new Sampling(0.8, 250);

    private final MoshiVis model;
    private Image image;
    private Integer imageSize;
    private long imageStart;
    private long pastSteps;
    private Sampling text = TEXT;
    private Sampling audio = AUDIO;
    private Long seed;
    private Consumer<? super TextPiece> onText;
    private Consumer<? super Reply> onReply;

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
     * Lets the conversation begin as if steps had gone before, of which nothing is remembered but their number: for measurements
     * with a full attention window.
     *
     * @param steps how many steps of 80 ms; default 0
     * @return a copy
     */
    public SessionOptions pastSteps(long steps) {
        if (steps < 0) {
            throw new IllegalArgumentException("pastSteps must be at least 0 steps, found " + steps);
        }
        return with(copy -> copy.pastSteps = steps);
    }

    /**
     * Sets how freely text is chosen.
     *
     * @param value 0 takes the most likely token; default 0.7
     * @return a copy
     */
    public SessionOptions textTemperature(double value) {
        return text(new Sampling(value, text.topK()));
    }

    /**
     * Sets how many of the most likely text tokens take part.
     *
     * @param value 0 is no limit; default 25
     * @return a copy
     */
    public SessionOptions textTopK(int value) {
        return text(new Sampling(text.temperature(), value));
    }

    /**
     * Sets how freely sound is chosen.
     *
     * @param value 0 takes the most likely code; default 0.8
     * @return a copy
     */
    public SessionOptions audioTemperature(double value) {
        return audio(new Sampling(value, audio.topK()));
    }

    /**
     * Sets how many of the most likely codes take part.
     *
     * @param value 0 is no limit; default 250
     * @return a copy
     */
    public SessionOptions audioTopK(int value) {
        return audio(new Sampling(audio.temperature(), value));
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
        return with(copy -> copy.text = value);
    }

    private SessionOptions audio(Sampling value) {
        return with(copy -> copy.audio = value);
    }

    /**
     * Sets the seed of all random choices. The same inputs, seed, options, device, thread count and batch size give the same
     * output.
     *
     * @param value the seed; default a different one for each conversation
     * @return a copy
     */
    public SessionOptions seed(long value) {
        return with(copy -> copy.seed = value);
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
     * Opens a conversation that the caller steps.
     *
     * @return the session, to be closed by the caller
     * @throws io.github.moshivis.errors.ConversationException if all conversations of the model are in use
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

    long imageStart() {
        return imageStart;
    }

    long pastSteps() {
        return pastSteps;
    }

    Sampling text() {
        return text;
    }

    Sampling audio() {
        return audio;
    }

    OptionalLong seed() {
        return seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
    }

    Optional<Consumer<? super TextPiece>> onText() {
        return Optional.ofNullable(onText);
    }

    Optional<Consumer<? super Reply>> onReply() {
        return Optional.ofNullable(onReply);
    }
}

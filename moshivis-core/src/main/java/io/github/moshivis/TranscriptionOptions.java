package io.github.moshivis;

import io.github.moshivis.engine.SlotLease;
import io.github.moshivis.engine.Slots;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.lm.Sampling;
import io.github.moshivis.text.TextEncoder;
import io.github.moshivis.transcript.EndOfTurn;
import io.github.moshivis.transcript.Pause;
import io.github.moshivis.transcript.Transcript;
import io.github.moshivis.transcript.Word;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Settings of one transcription. Immutable; every method returns a copy. Made by {@link SpeechToText#transcription} or, beside a
 * conversation, by {@link SessionOptions#transcribe}.
 *
 * <p>Listeners are called on the transcription's own thread, one event at a time and in order. A slow one delays its transcription,
 * never a conversation beside it; an exception that it throws is logged. They are not called for a {@link TranscriptionSession}.
 */
public final class TranscriptionOptions implements Cloneable {
    private static final int[] NO_PROMPT = {};

    /** The 2 s head, which the reference's programs use. */
    private static final int USUAL_HEAD = 2;

    private final SpeechToText stt;
    private Consumer<? super Word> onWord = word -> {};
    private Consumer<? super Pause> onPause;
    private Consumer<? super EndOfTurn> onEndOfTurn;
    private Consumer<? super Lag> onLag = lag -> {};
    private double threshold = 0.6;
    private Duration hold = Duration.ofMillis(240);
    private int pauseHead = USUAL_HEAD;
    private Boolean flushes;
    private Boolean restarts;
    private boolean hearsSilenceFirst = true;
    private Duration finishTimeout = Duration.ofSeconds(10);
    private Duration waitForSlot;
    private SlotTicket ticket;
    private int[] promptTokens = NO_PROMPT;
    private double temperature;
    private long seed;

    TranscriptionOptions(SpeechToText stt) {
        this.stt = stt;
    }

    /**
     * Sets the listener of words: called when a word begins or grows, and once when it is final.
     *
     * @param listener gets each version of each word
     * @return a copy
     */
    public TranscriptionOptions onWord(Consumer<? super Word> listener) {
        return with(copy -> copy.onWord = Objects.requireNonNull(listener, "onWord"));
    }

    /**
     * Sets the listener of the probabilities of a pause, called with each frame. The model must have pause heads.
     *
     * @param listener gets them as the model gives them
     * @return a copy
     */
    public TranscriptionOptions onPause(Consumer<? super Pause> listener) {
        return with(copy -> copy.onPause = Objects.requireNonNull(listener, "onPause"));
    }

    /**
     * Sets the listener of ends of turns, called after the final words of the turn. The model must have pause heads.
     *
     * @param listener gets each end
     * @return a copy
     */
    public TranscriptionOptions onEndOfTurn(Consumer<? super EndOfTurn> listener) {
        return with(copy -> copy.onEndOfTurn = Objects.requireNonNull(listener, "onEndOfTurn"));
    }

    /**
     * Sets the listener of lags, of a live source or beside a conversation: {@link Lag.Kind#LATE} at most once a second while words come
     * more than a second late, {@link Lag.Kind#SKIPPED} for frames that were given up after five minutes.
     *
     * @param listener gets each lag
     * @return a copy
     */
    public TranscriptionOptions onLag(Consumer<? super Lag> listener) {
        return with(copy -> copy.onLag = Objects.requireNonNull(listener, "onLag"));
    }

    /**
     * Sets what ends a turn: a probability of a pause that stays above a threshold, after a word.
     *
     * @param above the threshold, from 0 to 1; default 0.6
     * @param lasting how long; more than zero; rounded up to frames of 80 ms; default 240 ms
     * @return a copy
     */
    public TranscriptionOptions endOfTurn(double above, Duration lasting) {
        Objects.requireNonNull(lasting, "lasting");
        if (!(above >= 0 && above <= 1)) {
            throw new IllegalArgumentException("The threshold must be from 0 to 1, found " + above + "; correct it");
        }
        if (lasting.isNegative() || lasting.isZero()) {
            throw new IllegalArgumentException(
                    "A pause must last for more than zero, found " + lasting + "; 80 ms is one frame");
        }
        return with(copy -> {
            copy.threshold = above;
            copy.hold = lasting;
        });
    }

    /**
     * Sets which probability ends a turn.
     *
     * @param index of {@link Pause#probabilities}; default 2, for a pause of two seconds
     * @return a copy
     */
    public TranscriptionOptions pauseHead(int index) {
        if (index < 0) {
            throw new IllegalArgumentException("The pause head must be 0 or more, found " + index + "; correct it");
        }
        return with(copy -> copy.pauseHead = index);
    }

    /**
     * Sets whether the end of a turn brings its last words at once: the model then hears silence for as long as its delay, faster than
     * real time. Without, they come when as much sound has come.
     *
     * @param value default true where ends of turns have a listener
     * @return a copy
     */
    public TranscriptionOptions flush(boolean value) {
        return with(copy -> copy.flushes = value);
    }

    /**
     * Sets whether the model restarts at a pause before its window is full, as it may write less and less otherwise. Times go on.
     *
     * @param value default true for live sources and beside conversations, false for files
     * @return a copy
     */
    public TranscriptionOptions restart(boolean value) {
        return with(copy -> copy.restarts = value);
    }

    /**
     * Sets whether the model hears the silence that it was made for before the sound, if it was made for some.
     *
     * @param value default true
     * @return a copy
     */
    public TranscriptionOptions silenceFirst(boolean value) {
        return with(copy -> copy.hearsSilenceFirst = value);
    }

    /**
     * Sets how long the end of a conversation waits for the last words of the transcription beside it.
     *
     * @param value zero or more; default 10 s
     * @return a copy
     */
    public TranscriptionOptions finishTimeout(Duration value) {
        Objects.requireNonNull(value, "finishTimeout");
        if (value.isNegative()) {
            throw new IllegalArgumentException("finishTimeout must be zero or more, found " + value + "; correct it");
        }
        return with(copy -> copy.finishTimeout = value);
    }

    /**
     * Lets opening wait while all transcriptions of the model are in use: first come, first served. The thread that opens waits; an
     * interrupt and the end of the model end the wait with a {@code ConversationException}.
     *
     * @param timeout maximum wait; zero or more; default not to wait but to fail at once
     * @return a copy
     */
    public TranscriptionOptions waitForSlot(Duration timeout) {
        SlotTicket.checkTimeout(timeout);
        return with(copy -> copy.waitForSlot = timeout);
    }

    /**
     * Opens with the slot of a ticket, for hosts that hold no thread while a caller waits. Without {@link #waitForSlot} the ticket's
     * turn must have come. The options open one transcription.
     *
     * @param value a ticket of this model; the transcription takes its slot over
     * @return a copy
     * @throws IllegalArgumentException if it is a ticket of another model
     */
    public TranscriptionOptions ticket(SlotTicket value) {
        if (!Objects.requireNonNull(value, "value").isOf(stt.engine().slots())) {
            throw new IllegalArgumentException("The ticket is one of another model; take one of this model");
        }
        return with(copy -> copy.ticket = value);
    }

    /**
     * Sets a text that the model writes before it writes freely, which makes names in it and their spelling more likely. An experiment of
     * the reference's.
     *
     * @param text plain text; blank for none
     * @return a copy
     */
    public TranscriptionOptions prompt(String text) {
        Objects.requireNonNull(text, "prompt");
        TextEncoder encoder = stt.vocabulary().encoder();
        int[] tokens = text.isBlank() ? NO_PROMPT : encoder.encode(text.strip());
        return with(copy -> copy.promptTokens = tokens);
    }

    /**
     * Sets the temperature of the choice of text, over the whole alphabet.
     *
     * @param value 0 takes the most likely token; default 0
     * @param randomness the seed
     * @return a copy
     */
    public TranscriptionOptions temperature(double value, long randomness) {
        SamplingOptions checked = SamplingOptions.defaults().textTemperature(value);
        return with(copy -> {
            copy.temperature = checked.controls().text().temperature();
            copy.seed = randomness;
        });
    }

    /**
     * Opens a transcription that the caller steps.
     *
     * @return the session, to be closed by the caller
     * @throws io.github.moshivis.errors.ConversationException if all transcriptions of the model are in use, and {@link #waitForSlot} was
     *     not asked for or ended without a slot
     * @throws IllegalStateException if the model is closed, or lacks the pause heads that the settings need
     */
    public TranscriptionSession open() {
        return new TranscriptionSession(this);
    }

    /**
     * Starts a transcription that runs on its own thread until the source ends.
     *
     * @param source the sound; opened, owned and closed by the transcription, also if it cannot start
     * @return the transcription, to be closed by the caller
     * @throws io.github.moshivis.errors.ConversationException if the source cannot be opened, or as {@link #open}
     * @throws IllegalStateException as {@link #open}
     */
    public Transcription start(AudioSource source) {
        Objects.requireNonNull(source, "source");
        return Transcription.start(this, source);
    }

    /**
     * Transcribes a source to its end: {@link #start} and {@link Transcription#join}.
     *
     * @param source the sound; opened, owned and closed here
     * @return the words
     */
    public Transcript run(AudioSource source) {
        Objects.requireNonNull(source, "source");
        try (Transcription transcription = start(source)) {
            return transcription.join();
        }
    }

    private TranscriptionOptions with(Consumer<TranscriptionOptions> change) {
        try {
            TranscriptionOptions copy = (TranscriptionOptions) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this class is cloneable", e);
        }
    }

    /** Refuses options that the model does not support. */
    void check() {
        boolean wants = onPause != null || onEndOfTurn != null;
        if (wants && stt.pauseHeads() == 0) {
            throw new IllegalStateException("This speech-to-text model gives no probabilities of pauses: found no pause"
                    + " heads (extra_heads) in its file, expected some. Load kyutai/stt-1b-en_fr-candle, whose file has"
                    + " them, or leave out onPause and onEndOfTurn");
        }
        if (stt.pauseHeads() > 0 && pauseHead >= stt.pauseHeads()) {
            throw new IllegalStateException("This speech-to-text model has " + stt.pauseHeads()
                    + " pause heads, found pauseHead " + pauseHead + "; choose one from 0 to "
                    + (stt.pauseHeads() - 1));
        }
    }

    /** Gets a slot in the chosen way. */
    SlotLease claim(Slots slots) {
        return SlotTicket.claim(slots, ticket, waitForSlot, null);
    }

    SpeechToText stt() {
        return stt;
    }

    Consumer<? super Word> onWord() {
        return onWord;
    }

    Consumer<? super Pause> onPause() {
        return onPause == null ? pause -> {} : onPause;
    }

    Consumer<? super EndOfTurn> onEndOfTurn() {
        return onEndOfTurn == null ? end -> {} : onEndOfTurn;
    }

    Consumer<? super Lag> onLag() {
        return onLag;
    }

    double threshold() {
        return threshold;
    }

    int holdFrames() {
        double seconds = TimeUnit.NANOSECONDS.convert(hold) / 1e9;
        return Math.max(1, (int) Math.ceil(seconds * AudioSource.FRAME_RATE - 1e-9));
    }

    int pauseHead() {
        return pauseHead;
    }

    boolean flushes() {
        return flushes == null ? onEndOfTurn != null : flushes;
    }

    Optional<Boolean> restarts() {
        return Optional.ofNullable(restarts);
    }

    boolean hearsSilenceFirst() {
        return hearsSilenceFirst;
    }

    Duration finishTimeout() {
        return finishTimeout;
    }

    int[] promptTokens() {
        return promptTokens;
    }

    Sampling sampling() {
        return new Sampling(temperature, 0, 1);
    }

    long seed() {
        return seed;
    }
}

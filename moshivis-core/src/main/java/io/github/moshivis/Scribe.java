package io.github.moshivis;

import io.github.moshivis.engine.SlotLease;
import io.github.moshivis.engine.SlotOptions;
import io.github.moshivis.engine.StepResult;
import io.github.moshivis.engine.UserFrame;
import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.SttConfig;
import io.github.moshivis.lm.Controls;
import io.github.moshivis.text.WordStream;
import io.github.moshivis.transcript.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * One transcription as steps of the model: feeds frames, turns tokens into words on the user's clock, recognizes the end of a turn,
 * flushes the last words, and restarts the model at a pause before its window is full. Used by one thread; {@link #close} by any.
 */
final class Scribe implements AutoCloseable {
    /** Share of the window after which the next pause restarts the model. */
    private static final double FULL = 0.75;

    /** Steps without text that are a pause for a model without pause heads: 2 s. */
    private static final int SILENT_STEPS = 25;

    private final SpeechToText stt;
    private final TranscriptionOptions options;
    private final boolean restarts;
    private final SlotOptions slot;
    private final SlotLease lease;
    private final LmConfig lm;
    private final WordStream words;
    private final UserClock clock;
    private final TurnDetector turn;

    private List<Integer> tokens = new ArrayList<>();
    private List<Word> changed = new ArrayList<>();
    private double now;
    private long position;
    private int silentSteps;
    /** Steps until the words of a turn that has ended are all there; -1 if none has. */
    private int turnDue = -1;

    /**
     * Opens a slot.
     *
     * @param options the settings
     * @param live whether frames come at their own pace, for long: then the model restarts unless the settings say otherwise; others share ticks
     * @param prefix frames of silence that the model hears first
     */
    Scribe(TranscriptionOptions options, boolean live, int prefix) {
        this.stt = options.stt();
        this.options = options;
        this.restarts = options.restarts().orElse(live);
        lm = stt.model().config().lm();
        words = new WordStream(stt.vocabulary());
        clock = new UserClock(lm.stt().delaySteps() + lm.maxDelay());
        turn = new TurnDetector(options.pauseHead(), options.threshold(), options.holdFrames());
        slot = new SlotOptions(
                new Controls(options.sampling(), options.sampling(), 1, 0, 0, 0),
                options.seed(),
                options.seed(),
                0,
                null,
                null,
                options.promptTokens(),
                0);
        lease = options.claim(stt.engine().slots());
        if (!live) {
            lease.unpaced();
        }
        stt.engine().open(lease, slot);
        try {
            silence(prefix);
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        } catch (InterruptedException e) {
            lease.close();
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    static ConversationException interrupted(InterruptedException cause) {
        return new ConversationException(
                EndReason.INTERRUPTED, "The transcription was interrupted; open another one", cause);
    }

    /** Frames of silence before the sound, as the model expects them. */
    static int prefixFrames(SttConfig config) {
        return (int) Math.ceil(config.silencePrefix() * AudioSource.FRAME_RATE);
    }

    /**
     * Takes a frame of the user.
     *
     * @param frame sound or codes
     * @param until the user's time after it, in seconds
     * @return its result
     */
    TranscriptionStep hear(UserFrame frame, double until) throws InterruptedException {
        now = Math.max(now, until);
        float[] pauses = step(frame);
        turn.pauses(pauses);
        boolean ended = endTurn();
        boolean pause = pauses.length > 0 ? turn.isPause() : silentSteps >= SILENT_STEPS;
        if (restarts && turnDue < 0 && pause && position >= FULL * lm.context()) {
            restart();
        }
        List<Double> probabilities = new ArrayList<>();
        for (float probability : pauses) {
            probabilities.add((double) probability);
        }
        return told(probabilities, ended);
    }

    private TranscriptionStep told(List<Double> pauses, boolean ended) {
        TranscriptionStep told = new TranscriptionStep(tokens, pauses, changed, ended);
        tokens = new ArrayList<>();
        changed = new ArrayList<>();
        return told;
    }

    /** Ends the turn, once its last words are there; without a flush that takes the model's delay. */
    private boolean endTurn() throws InterruptedException {
        if (turnDue < 0 && turn.isEnd()) {
            turnDue = options.flushes() ? 0 : lm.stt().delaySteps() + 1;
            if (options.flushes()) {
                silence(flushFrames());
            }
        } else if (turnDue > 0) {
            turnDue--;
        }
        if (turnDue != 0) {
            return false;
        }
        turnDue = -1;
        closeWord();
        turn.next();
        return true;
    }

    private int flushFrames() {
        return (int) Math.ceil(lm.stt().delay() * AudioSource.FRAME_RATE) + 1;
    }

    /** Brings the words that the user has said until now, and closes the last one. */
    TranscriptionStep flush() throws InterruptedException {
        silence(flushFrames());
        closeWord();
        return told(List.of(), false);
    }

    /** Takes the step that reads the last frame, at the end of a sound that ends in silence, and closes the last word. */
    TranscriptionStep finish() throws InterruptedException {
        silence(1);
        closeWord();
        return told(List.of(), false);
    }

    private void closeWord() {
        changed.addAll(words.close(now));
    }

    private void restart() throws InterruptedException {
        silence(flushFrames());
        closeWord();
        lease.restart(slot);
        clock.restart(now);
        turn.restart();
        position = 0;
        silentSteps = 0;
        silence(prefixFrames(lm.stt()));
    }

    /** Lets the model hear frames of silence that are not the user's: as codes, which leave the codec of the stream as it is. */
    private void silence(int frames) throws InterruptedException {
        int[][] codes = stt.model().silence();
        for (int i = 0; i < frames; i++) {
            step(UserFrame.of(codes[Math.min(i, codes.length - 1)]));
        }
    }

    /** Returns the probabilities of a pause. */
    private float[] step(UserFrame frame) throws InterruptedException {
        StepResult result;
        try {
            result = lease.put(frame).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
        lease.taken();
        double time = clock.step(now);
        if (result.row() == null) {
            return new float[0];
        }
        int token = result.row().textToken();
        tokens.add(token);
        List<Word> next =
                position == 0 ? List.of() : words.next(token, time); // the first one is chosen before any sound
        position++;
        silentSteps = next.isEmpty() ? silentSteps + 1 : 0;
        if (!next.isEmpty()) {
            turn.word();
            changed.addAll(next);
        }
        return result.row().pauses();
    }

    @Override
    public void close() {
        lease.close();
    }
}

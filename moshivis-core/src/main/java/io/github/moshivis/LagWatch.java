package io.github.moshivis;

import io.github.moshivis.io.AudioSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Detection of a conversation that falls behind: skipped frames, late replies, underruns. Counters may be read by any thread. */
final class LagWatch {
    private final Listeners listeners;
    private final LagCounter model;
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong underruns = new AtomicLong();
    /** Time at which the sink will have played all sound that it was given; 0 before there is any. Used by the speaking thread. */
    private long playedUntil;

    /**
     * Creates a watch.
     *
     * @param listeners of the conversation
     * @param model counts the lags of all conversations of the model
     */
    LagWatch(Listeners listeners, LagCounter model) {
        this.listeners = listeners;
        this.model = model;
    }

    /** Counts a user frame that was skipped. */
    void skipped(long frame) {
        skipped.incrementAndGet();
        tell(Lag.Kind.SKIPPED, frame, AudioSource.FRAME_NANOS);
    }

    /**
     * Checks a reply to a live source that had to be waited for.
     *
     * @param frame the user's frame
     * @param since time at which the frame was complete
     * @param hasSound true if the reply has sound
     */
    void replied(long frame, long since, boolean hasSound) {
        long now = System.nanoTime();
        long late = now - since - AudioSource.FRAME_NANOS;
        if (late > 0) {
            tell(Lag.Kind.LATE, frame, late);
        }
        if (hasSound && playedUntil != 0 && now > playedUntil) {
            underruns.incrementAndGet();
            tell(Lag.Kind.UNDERRUN, frame, now - playedUntil);
        }
    }

    private void tell(Lag.Kind kind, long frame, long behindNanos) {
        model.add(kind);
        listeners.offer(new Lag(kind, frame, Duration.ofNanos(behindNanos)));
    }

    /** Notes that the sink took a frame: one that blocks is full until it returns, another one plays from the start of the call. */
    void written(long start) {
        playedUntil = Math.max(Math.max(playedUntil, start) + AudioSource.FRAME_NANOS, System.nanoTime());
    }

    long skippedFrames() {
        return skipped.get();
    }

    long underruns() {
        return underruns.get();
    }
}

package io.github.moshivis;

import io.github.moshivis.engine.UserFrame;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.SourceReader;
import java.util.Objects;

/**
 * A transcription that the caller steps, one frame of 80 ms at a time. The model reads a frame one step later, and its words trail by
 * its delay; times of words take both into account. Steps are taken one after the other; {@link #close} may be called by other threads.
 */
public final class TranscriptionSession implements AutoCloseable {
    private final SpeechToText stt;
    private final Scribe scribe;
    private final Backstop backstop;
    private long frames;

    TranscriptionSession(TranscriptionOptions options) {
        options.check();
        stt = options.stt();
        int prefix = options.hearsSilenceFirst() ? Scribe.prefixFrames(stt.config()) : 0;
        scribe = new Scribe(options, true, prefix);
        backstop = new Backstop(this, scribe, "A transcription was not closed; its slot is taken back now");
    }

    /** A step of the model, or several. */
    private interface Work {
        TranscriptionStep run() throws InterruptedException;
    }

    /**
     * Feeds one frame to the model and waits for its result.
     *
     * @param frame 1920 samples, 24 kHz mono in [-1, 1]; copied
     * @return the words and pauses of the step
     * @throws IllegalArgumentException if the frame has another length
     * @throws io.github.moshivis.errors.MediaException if a sample is no number, or far from [-1, 1]
     * @throws IllegalStateException if the session is closed
     * @throws io.github.moshivis.errors.ConversationException if the step fails, or the model is closed during the step
     */
    public synchronized TranscriptionStep step(float[] frame) {
        Objects.requireNonNull(frame, "frame");
        if (frame.length != AudioSource.FRAME_SAMPLES) {
            throw new IllegalArgumentException("A frame has " + AudioSource.FRAME_SAMPLES
                    + " samples (80 ms at 24 kHz), found " + frame.length
                    + "; cut the sound into frames, or use start(source)");
        }
        SourceReader.requireSound(frame, frames * AudioSource.FRAME_SAMPLES, "the frames of this transcription");
        float[] heard = frame.clone();
        return run(() -> scribe.hear(UserFrame.of(heard), ++frames / AudioSource.FRAME_RATE));
    }

    /**
     * Brings the words that were said until now, without waiting for more sound: the model hears silence for as long as its delay. The
     * last word becomes final. If the user goes on speaking, the model has heard a pause that was none.
     *
     * @return the words
     * @throws IllegalStateException if the session is closed
     * @throws io.github.moshivis.errors.ConversationException as {@link #step}
     */
    public synchronized TranscriptionStep flush() {
        return run(scribe::flush);
    }

    private TranscriptionStep run(Work work) {
        if (backstop.isClosed()) {
            throw new IllegalStateException("This transcription is closed; open another one");
        }
        try {
            return work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Scribe.interrupted(e);
        }
    }

    /** Ends the transcription and frees its slot. Idempotent; a step that another thread waits for fails. */
    @Override
    public void close() {
        backstop.close();
    }
}

package io.github.moshivis.io;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A stream of speech: 24 kHz, mono, 32-bit float in [-1, 1].
 *
 * <p>Unlike a {@code javax.sound.sampled.AudioInputStream} it has one format, and it says whether it is live. A source is inert
 * until {@link #open()}; {@link #open()} and {@link #read} are called by one thread at a time, never at once; {@link #close()} may
 * come from another thread, more than once, also without an {@link #open()}, and must make a blocked {@link #read} return.
 */
public interface AudioSource extends AutoCloseable {
    /** Samples a second of every source and sink. */
    int SAMPLE_RATE = 24_000;

    /** Samples in a frame, the unit in which conversations go on: 80 ms. */
    int FRAME_SAMPLES = 1920;

    /** Frames a second: 12.5. */
    double FRAME_RATE = (double) SAMPLE_RATE / FRAME_SAMPLES;

    /** Duration of a frame in nanoseconds: 80 ms. */
    long FRAME_NANOS = 1_000_000_000L * FRAME_SAMPLES / SAMPLE_RATE;

    /**
     * Acquires the device or file.
     *
     * @throws IOException if it cannot be had
     */
    default void open() throws IOException {}

    /**
     * Reads some samples, blocking until at least one is there.
     *
     * @param buffer receives the samples
     * @param offset where in the buffer to start
     * @param length how many samples at most, at least 1
     * @return how many samples were read, 1 to {@code length}, or -1 at the end of the stream
     * @throws IOException if reading fails; the conversation ends with this cause
     */
    int read(float[] buffer, int offset, int length) throws IOException;

    /**
     * Returns whether samples come at the pace of real time, so that they are lost when they are not taken. A conversation that cannot keep
     * up drops the oldest frames of a live source and counts them; it makes any other source wait.
     *
     * @return true for microphones and network streams, false for files
     */
    default boolean isLive() {
        return false;
    }

    /**
     * The file that the samples come from, so that a conversation can refuse to write over it. Sources that wrap another one pass the
     * call on.
     *
     * @return empty if they come from no file
     */
    default Optional<Path> file() {
        return Optional.empty();
    }

    /**
     * Releases the device or file. Idempotent.
     *
     * @throws IOException if releasing fails
     */
    @Override
    void close() throws IOException;

    /**
     * This source, followed by silence, so that the model has time to answer what it heard last. The silence lasts a little longer
     * if that completes the last frame.
     *
     * @param duration how long the silence lasts at least; zero or more
     * @return a source that owns this one
     * @throws IllegalArgumentException if the duration is negative
     */
    default AudioSource thenSilence(Duration duration) {
        Objects.requireNonNull(duration, "duration");
        return new TrailingSilence(this, duration);
    }
}

package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.util.Objects;

/**
 * Removes the model's voice from the microphone's audio. Java's microphone has no echo cancellation, and a model that hears itself answers
 * itself: use headphones, or implement this interface, for instance with a telephony library.
 *
 * <pre>{@code
 * EchoCanceller canceller = ...;
 * options.start(canceller.source(Microphone.standard()), Speaker.standard().echoTo(canceller));
 * }</pre>
 *
 * <p>All samples are 24 kHz mono, in runs of any length; one that needs frames collects them. The two methods are called by two
 * threads, maybe at once, and must keep up with real time. An echo is heard later than {@link #played} told of it: with {@link Speaker}
 * and {@link Microphone} by up to a tenth of a second in the devices' own buffers, and by the way through the room.
 */
public interface EchoCanceller {
    /**
     * Far end: receives the samples that go to the speaker now, including silence.
     *
     * @param samples holds the samples; neither kept nor changed
     * @param offset where in the array they start
     * @param length how many
     */
    void played(float[] samples, int offset, int length);

    /**
     * Near end: replaces the microphone's samples in place by those without echo.
     *
     * @param samples holds the samples; not kept
     * @param offset where in the array they start
     * @param length how many
     */
    void heard(float[] samples, int offset, int length);

    /**
     * Returns a microphone without echo.
     *
     * @param microphone the source to read from; owned by the result
     * @return a source as live as the microphone
     */
    default AudioSource source(AudioSource microphone) {
        Objects.requireNonNull(microphone, "microphone");
        return Tapped.source(microphone, this::heard);
    }

    /**
     * Returns a speaker that reports what it plays, for a host's sink that plays samples at once; {@link Speaker}, which buffers, has
     * {@link Speaker#echoTo}.
     *
     * @param speaker the sink to write to; owned by the result
     * @return a sink that forwards the same samples
     */
    default AudioSink sink(AudioSink speaker) {
        return Tapped.sink(speaker, this::played);
    }
}

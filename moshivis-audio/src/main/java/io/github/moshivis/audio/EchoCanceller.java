package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.util.Objects;

/**
 * Takes the model's voice out of what the microphone hears. Java's microphone has no echo cancellation, and a model that hears
 * itself answers itself: use headphones, or put a canceller of your own in here, such as a binding to one written for telephony.
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
     * The far end: what is handed to the loudspeaker now, silence included.
     *
     * @param samples holds the samples; neither kept nor changed
     * @param offset where in the array they start
     * @param length how many
     */
    void played(float[] samples, int offset, int length);

    /**
     * The near end: what the microphone heard. Leaves in its place what is to be heard instead.
     *
     * @param samples holds the samples; not kept
     * @param offset where in the array they start
     * @param length how many
     */
    void heard(float[] samples, int offset, int length);

    /**
     * A microphone without the echo.
     *
     * @param microphone what to read from; owned by the result
     * @return a source as live as the microphone
     */
    default AudioSource source(AudioSource microphone) {
        Objects.requireNonNull(microphone, "microphone");
        return Tapped.source(microphone, this::heard);
    }

    /**
     * A loudspeaker that tells what it plays. For a host's own that plays at once what is written; {@link Speaker}, which holds sound
     * back, has {@link Speaker#echoTo}.
     *
     * @param speaker what to write to; owned by the result
     * @return a sink that hands on the same samples
     */
    default AudioSink sink(AudioSink speaker) {
        return Tapped.sink(speaker, this::played);
    }
}

package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Samples without a header, on streams of bytes: standard input and output, pipes, sockets. What is not 24 kHz mono goes through the
 * {@link Resampler}, as {@link Resampled} says.
 *
 * <pre>{@code
 * RawPcm format = new RawPcm(16_000, 1, PcmEncoding.SIGNED_16);
 * options.run(format.liveSource(System.in), format.sink(System.out));
 * }</pre>
 *
 * @param rate samples a second and channel, {@value Resampler#MIN_RATE} to {@value Resampler#MAX_RATE}
 * @param channels their number, at least 1; samples of several are interleaved
 * @param encoding bytes of a sample
 */
public record RawPcm(int rate, int channels, PcmEncoding encoding) {
    /**
     * Checks that there is an encoding; rate and channels are checked by the sources and sinks.
     *
     * @param rate see above
     * @param channels see above
     * @param encoding see above
     */
    public RawPcm {
        Objects.requireNonNull(encoding, "encoding");
    }

    /**
     * A source that a conversation makes wait when it cannot keep up, as for a file or the output of a program that can wait.
     *
     * <p>A {@code read} gives what there is, and waits if that is nothing. An incomplete sample at the end is dropped; a float that is no
     * finite number is a {@link io.github.moshivis.errors.MediaException}. Closing it closes the stream, and makes a blocked read return if the stream's own
     * closing does so: a socket's does, that of {@link System#in} does not.
     *
     * @param in the stream, owned by the result, buffered there
     * @return a source that is not live
     * @throws IllegalArgumentException if the rate or the number of channels is outside its limits
     */
    public AudioSource source(InputStream in) {
        return source(in, false);
    }

    /**
     * Like {@link #source}, for what comes at the pace of real time and is lost when it is not taken.
     *
     * @param in the stream, owned by the result, buffered there
     * @return a live source
     * @throws IllegalArgumentException if the rate or the number of channels is outside its limits
     */
    public AudioSource liveSource(InputStream in) {
        return source(in, true);
    }

    private AudioSource source(InputStream in, boolean live) {
        return Resampled.from(rate, channels, new RawPcmSource(in, encoding, live));
    }

    /**
     * A sink that flushes the stream after each write, and closes it when it is closed.
     *
     * @param out the stream, owned by the result
     * @return a sink
     * @throws IllegalArgumentException if the rate or the number of channels is outside its limits
     */
    public AudioSink sink(OutputStream out) {
        return Resampled.to(rate, channels, new RawPcmSink(out, encoding));
    }
}

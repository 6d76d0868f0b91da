package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.util.Objects;

/**
 * Adapts a host's sources and sinks, of any sample rate and number of channels, to the 24 kHz mono of the contract. Their samples
 * are interleaved: for stereo left, right, left, right. The conversion is that of {@link Resampler}.
 */
public final class Resampled {
    /** Limit of the two bytes of a WAV header. */
    private static final int MAX_CHANNELS = 65_535;

    private Resampled() {}

    /**
     * A 24 kHz mono source over one of another rate or with more channels. Channels become one by their mean. The end of the
     * stream within a sample of several channels drops the incomplete one.
     *
     * @param rate samples a second and channel of the host's source, {@value Resampler#MIN_RATE} to {@value Resampler#MAX_RATE}
     * @param channels its channels, at least 1
     * @param source delivers interleaved samples; a read may end anywhere; owned by the result
     * @return a source by the contract, as live as the host's
     * @throws IllegalArgumentException if a number is outside its limits
     */
    public static AudioSource from(int rate, int channels, AudioSource source) {
        Objects.requireNonNull(source, "source");
        return new ResampledSource(new Resampler(rate, AudioSource.SAMPLE_RATE), checkChannels(channels), source);
    }

    /**
     * A 24 kHz mono sink over one of another rate or with more channels, each of which gets the same sound. Closing it writes the
     * last milliseconds before it closes the host's; only when it is closed by another thread during a write, to end it, those are
     * left out.
     *
     * @param rate samples a second and channel of the host's sink, {@value Resampler#MIN_RATE} to {@value Resampler#MAX_RATE}
     * @param channels its channels, at least 1
     * @param sink takes interleaved samples, always whole ones; owned by the result
     * @return a sink by the contract
     * @throws IllegalArgumentException if a number is outside its limits
     */
    public static AudioSink to(int rate, int channels, AudioSink sink) {
        Objects.requireNonNull(sink, "sink");
        return new ResampledSink(new Resampler(AudioSource.SAMPLE_RATE, rate), checkChannels(channels), sink);
    }

    private static int checkChannels(int channels) {
        if (channels < 1 || channels > MAX_CHANNELS) {
            throw new IllegalArgumentException("Cannot convert sound of " + channels
                    + " channels; give a number from 1 (mono) to " + MAX_CHANNELS + ", such as 2 for stereo");
        }
        return channels;
    }
}

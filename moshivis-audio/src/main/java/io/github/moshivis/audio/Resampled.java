package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.ForwardingSink;
import io.github.moshivis.io.ForwardingSource;
import io.github.moshivis.io.SourceReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Adapts a host's sources and sinks, of any sample rate and number of channels, to the 24 kHz mono of the contract. Their samples
 * are interleaved: for stereo left, right, left, right. The conversion is that of {@link Resampler}.
 */
public final class Resampled {
    /** Limit of the two bytes of a WAV header. */
    private static final int MAX_CHANNELS = 65_535;

    private Resampled() {}

    /**
     * Returns a 24 kHz mono source for one of another rate or with more channels, which are averaged. An incomplete sample at the end is
     * dropped.
     *
     * @param rate samples a second and channel of the host's source, {@value Resampler#MIN_RATE} to {@value Resampler#MAX_RATE}
     * @param channels its channels, at least 1
     * @param source delivers interleaved samples; a read may end anywhere; owned by the result
     * @return a source by the contract, as live as the host's
     * @throws IllegalArgumentException if a number is outside its limits
     */
    public static AudioSource from(int rate, int channels, AudioSource source) {
        Objects.requireNonNull(source, "source");
        return new Source(new Resampler(rate, AudioSource.SAMPLE_RATE), checkChannels(channels), source);
    }

    /**
     * Returns a 24 kHz mono sink for one of another rate or with more channels, which all get the same audio. Closing it writes the last
     * milliseconds before it closes the host's; only when it is closed by another thread during a write, to end it, those are left out.
     *
     * @param rate samples a second and channel of the host's sink, {@value Resampler#MIN_RATE} to {@value Resampler#MAX_RATE}
     * @param channels its channels, at least 1
     * @param sink takes interleaved samples, always whole ones; owned by the result
     * @return a sink by the contract
     * @throws IllegalArgumentException if a number is outside its limits
     */
    public static AudioSink to(int rate, int channels, AudioSink sink) {
        Objects.requireNonNull(sink, "sink");
        return new Sink(new Resampler(AudioSource.SAMPLE_RATE, rate), checkChannels(channels), sink);
    }

    private static int checkChannels(int channels) {
        if (channels < 1 || channels > MAX_CHANNELS) {
            throw new IllegalArgumentException("Cannot convert sound of " + channels
                    + " channels; give a number from 1 (mono) to " + MAX_CHANNELS + ", such as 2 for stereo");
        }
        return channels;
    }

    /** Source with another rate and one channel. */
    private static final class Source extends ForwardingSource {
        /** Interleaved samples to read at a time, or one of each channel if there are more channels. */
        private static final int BLOCK = 1024;

        private final Resampler resampler;
        private final int channels;
        private final SourceReader reader;
        private final float[] interleaved;
        private final float[] mono;
        /** Start of an incomplete sample of several channels from the last read. */
        private int incomplete;

        Source(Resampler resampler, int channels, AudioSource source) {
            super(source);
            this.resampler = resampler;
            this.channels = channels;
            this.reader = new SourceReader(source);
            this.mono = new float[Math.max(1, BLOCK / channels)];
            this.interleaved = new float[mono.length * channels];
        }

        @Override
        public int read(float[] buffer, int offset, int length) throws IOException {
            while (true) {
                int count = resampler.read(buffer, offset, length);
                if (count > 0) {
                    return count;
                }
                if (resampler.isFinished()) {
                    return -1;
                }
                fill();
            }
        }

        private void fill() throws IOException {
            int count = reader.read(interleaved, incomplete, interleaved.length - incomplete);
            if (count < 0) {
                resampler.end();
                return;
            }
            int available = incomplete + count;
            int whole = available / channels;
            for (int i = 0; i < whole; i++) {
                mono[i] = mean(i * channels);
            }
            resampler.write(mono, 0, whole);
            incomplete = available - whole * channels;
            System.arraycopy(interleaved, whole * channels, interleaved, 0, incomplete);
        }

        private float mean(int start) {
            double sum = 0;
            for (int channel = 0; channel < channels; channel++) {
                sum += interleaved[start + channel];
            }
            return (float) (sum / channels);
        }
    }

    /** Sink that converts from another rate and one channel. */
    private static final class Sink extends ForwardingSink {
        /** Interleaved samples to write at a time, or one of each channel if there are more channels. */
        private static final int BLOCK = 1024;

        private final Resampler resampler;
        private final int channels;
        private final float[] mono;
        private final float[] interleaved;
        /** Held during resampling; {@link #close} never waits for it, because its holder may be blocked in the sink. */
        private final ReentrantLock working = new ReentrantLock();

        private volatile boolean closed;

        Sink(Resampler resampler, int channels, AudioSink sink) {
            super(sink);
            this.resampler = resampler;
            this.channels = channels;
            this.mono = new float[Math.max(1, BLOCK / channels)];
            this.interleaved = new float[mono.length * channels];
        }

        @Override
        public void write(float[] samples, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, samples.length);
            working.lock();
            try {
                if (closed) {
                    throw new IllegalStateException(
                            "The resampled sink is closed and takes no more samples; write before closing it");
                }
                for (int done = 0; done < length && !closed; done += BLOCK) {
                    resampler.write(samples, offset + done, Math.min(BLOCK, length - done));
                    drain();
                }
            } finally {
                working.unlock();
            }
        }

        private void drain() throws IOException {
            for (int count = resampler.read(mono, 0, mono.length);
                    count > 0;
                    count = resampler.read(mono, 0, mono.length)) {
                for (int i = 0; i < count; i++) {
                    Arrays.fill(interleaved, i * channels, (i + 1) * channels, mono[i]);
                }
                super.write(interleaved, 0, count * channels);
            }
        }

        @Override
        public void close() throws IOException {
            boolean first = !closed;
            closed = true;
            try {
                if (first && working.tryLock()) {
                    try {
                        resampler.end();
                        drain();
                    } finally {
                        working.unlock();
                    }
                }
            } finally {
                super.close();
            }
        }
    }
}

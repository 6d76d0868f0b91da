package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.ForwardingSource;
import io.github.moshivis.plugin.SourceReader;
import java.io.IOException;

/** A source of one rate and several channels as one of another rate and one channel; see {@link Resampled#from}. */
final class ResampledSource extends ForwardingSource {
    /** Interleaved samples that are asked for at once, or one of each channel if there are more channels. */
    private static final int BLOCK = 1024;

    private final Resampler resampler;
    private final int channels;
    private final SourceReader reader;
    private final float[] interleaved;
    private final float[] mono;
    /** The beginning of a sample of several channels, left by a read that ended within it. */
    private int incomplete;

    ResampledSource(Resampler resampler, int channels, AudioSource source) {
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

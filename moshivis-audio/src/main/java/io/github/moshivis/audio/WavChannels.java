package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Separate channels of a part of a WAV file, at 24 kHz; see {@link WavFile#channels}. */
final class WavChannels {
    private static final int BLOCK = 1 << 14;

    private WavChannels() {}

    static float[][] read(Path file, double startSeconds, double seconds) {
        Path path = file.toAbsolutePath();
        try (InputStream input = Files.newInputStream(path)) {
            WavHeader header = new WavHeaderReader(path.toString(), input, Files.size(path)).read();
            try (WavSamples samples = new WavSamples(path.toString(), input, header)) {
                long first = Math.round(startSeconds * header.rate());
                long count = Math.round(seconds * header.rate());
                float[][] channels = split(samples, header.channels(), first, count);
                for (int i = 0; i < channels.length; i++) {
                    channels[i] = resample(channels[i], header.rate());
                }
                return channels;
            }
        } catch (IOException e) {
            throw new MediaException(
                    "Cannot read the WAV file " + path + ": found " + e + ", expected a readable file; check the path",
                    e);
        }
    }

    /** Steps {@code first} to {@code first + count} of each channel, fewer where the file ends. */
    private static float[][] split(WavSamples samples, int channels, long first, long count) throws IOException {
        int steps = Math.max(1, BLOCK / channels);
        float[][] result = new float[channels][(int) Math.min(count, steps)];
        float[] block = new float[steps * channels];
        long step = 0;
        int channel = 0;
        int kept = 0;
        for (int read = samples.read(block, 0, block.length);
                read > 0 && kept < count;
                read = samples.read(block, 0, block.length)) {
            for (int i = 0; i < read && kept < count; i++) {
                if (step >= first) {
                    if (kept == result[channel].length) {
                        result[channel] = Arrays.copyOf(result[channel], (int) Math.min(count, 2L * kept));
                    }
                    result[channel][kept] = block[i];
                }
                channel = (channel + 1) % channels;
                if (channel == 0) {
                    kept += step >= first ? 1 : 0;
                    step++;
                }
            }
        }
        for (int i = 0; i < channels; i++) {
            result[i] = Arrays.copyOf(result[i], kept);
        }
        return result;
    }

    private static float[] resample(float[] samples, int rate) {
        if (rate == AudioSource.SAMPLE_RATE) {
            return samples;
        }
        Resampler resampler = new Resampler(rate, AudioSource.SAMPLE_RATE);
        resampler.write(samples, 0, samples.length);
        resampler.end();
        float[] result = new float[(int) ((long) samples.length * AudioSource.SAMPLE_RATE / rate) + 1];
        int length = 0;
        while (!resampler.isFinished() && length < result.length) {
            length += resampler.read(result, length, result.length - length);
        }
        return Arrays.copyOf(result, length);
    }
}

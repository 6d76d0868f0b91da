package io.github.moshivis.audio;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.SourceReader;
import io.github.moshivis.plugin.SoundFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** WAV files for recordings of conversations, in 16-bit integers, which every player supports. Service for core; not for other callers. */
@SuppressWarnings("exports") // called by core only
public final class WavSoundFiles implements SoundFiles {
    /** Loudness of normalized voices of PersonaPlex. */
    private static final double VOICE_LUFS = -24;

    private static final int MAX_VOICE_SAMPLES = 60 * AudioSource.SAMPLE_RATE;

    /** Called by the service loader. */
    public WavSoundFiles() {}

    @Override
    public AudioSink stereo(Path file) {
        return new WavSink(file, PcmEncoding.SIGNED_16, 2);
    }

    @Override
    public AudioSource source(Path file) {
        return SoundFile.source(file);
    }

    @Override
    public float[] voice(Path file) throws IOException {
        float[] samples = read(file);
        try {
            SourceReader.requireSound(samples, 0, file.toString());
            float[] normalized = Loudness.normalized(samples, VOICE_LUFS);
            int frames = (normalized.length + AudioSource.FRAME_SAMPLES - 1) / AudioSource.FRAME_SAMPLES;
            return Arrays.copyOf(normalized, frames * AudioSource.FRAME_SAMPLES);
        } catch (IllegalArgumentException e) {
            throw new MediaException("Cannot use " + file.toAbsolutePath() + " as a voice: " + e.getMessage(), e);
        }
    }

    private static float[] read(Path file) throws IOException {
        float[] samples = new float[AudioSource.SAMPLE_RATE];
        int length = 0;
        try (AudioSource source = SoundFile.source(file)) {
            source.open();
            int read = source.read(samples, 0, samples.length);
            while (read >= 0) {
                length += read;
                if (length > MAX_VOICE_SAMPLES) {
                    throw new MediaException("Cannot use " + file.toAbsolutePath() + " as a voice: found more than "
                            + MAX_VOICE_SAMPLES / AudioSource.SAMPLE_RATE + " s, expected some seconds; cut it");
                }
                samples = length == samples.length ? Arrays.copyOf(samples, 2 * length) : samples;
                read = source.read(samples, length, samples.length - length);
            }
        }
        return Arrays.copyOf(samples, length);
    }
}

package io.github.moshivis.train.nano;

import io.github.moshivis.io.AudioSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Sound to WAV files of 16 bits at 24 kHz. Stateless. */
final class Sounds {
    private Sounds() {}

    /** Writes channels of one length. */
    static void write(Path file, float[]... channels) throws IOException {
        int samples = channels[0].length;
        ByteBuffer bytes =
                ByteBuffer.allocate(samples * channels.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < samples; i++) {
            for (float[] channel : channels) {
                bytes.putShort(pcm(channel[i]));
            }
        }
        AudioFormat format = new AudioFormat(AudioSource.SAMPLE_RATE, Short.SIZE, channels.length, true, false);
        try (AudioInputStream sound = new AudioInputStream(new ByteArrayInputStream(bytes.array()), format, samples)) {
            AudioSystem.write(sound, AudioFileFormat.Type.WAVE, file.toFile());
        }
    }

    private static short pcm(float sample) {
        return (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(sample * 32767)));
    }
}

package io.github.moshivis.server.page;

import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A recording that the browser saved.
 *
 * @param samples its sound, 24 kHz mono
 */
record Recorded(float[] samples) {
    static final int SAMPLE_RATE = 24_000;

    private static final int MAX_SECONDS = 60;

    /** Waits for the file. */
    static Recorded in(Path folder) throws IOException {
        return read(Saved.file(folder, ".wav"));
    }

    private static Recorded read(Path wav) throws IOException {
        try (AudioSource source = WavFile.source(wav)) {
            source.open();
            float[] buffer = new float[MAX_SECONDS * SAMPLE_RATE];
            int length = 0;
            for (int read = 0; read >= 0; read = source.read(buffer, length, buffer.length - length)) {
                length += read;
            }
            return new Recorded(Arrays.copyOf(buffer, length));
        }
    }

    float loudest() {
        float loudest = 0;
        for (float sample : samples) {
            loudest = Math.max(loudest, Math.abs(sample));
        }
        return loudest;
    }
}

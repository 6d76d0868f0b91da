package io.github.moshivis.server.page;

import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;

/**
 * A recording that the browser saved.
 *
 * @param samples its sound, 24 kHz mono
 */
record Recorded(float[] samples) {
    static final int SAMPLE_RATE = 24_000;

    private static final int MOST_SECONDS = 60;
    private static final int MOST_TRIES = 100;
    private static final Duration POLL = Duration.ofMillis(50);

    /** Waits for the file. */
    static Recorded in(Path folder) throws IOException {
        for (int i = 0; i < MOST_TRIES; i++) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.wav")) {
                Iterator<Path> found = files.iterator();
                if (found.hasNext()) {
                    return read(found.next());
                }
            }
            Browser.sleep(POLL);
        }
        throw new AssertionError("Nothing was saved to " + folder);
    }

    private static Recorded read(Path wav) throws IOException {
        try (AudioSource source = WavFile.source(wav)) {
            source.open();
            float[] buffer = new float[MOST_SECONDS * SAMPLE_RATE];
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

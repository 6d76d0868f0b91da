package io.github.moshivis;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.SourceReader;
import io.github.moshivis.plugin.HostCode;
import java.io.IOException;

/** Whole frames of a source, which is held to its contract. Used by one thread. */
final class FrameReader {
    private final SourceReader reader;
    private final String name;
    private long samples;

    FrameReader(AudioSource source) {
        this.reader = new SourceReader(source);
        this.name = HostCode.name(source);
    }

    /**
     * Fills a frame.
     *
     * @return false at the end of the source, which may be in the middle of a frame
     * @throws MediaException if the source breaks its contract or gives what is no sound
     */
    boolean fill(float[] frame) throws IOException {
        for (int filled = 0; filled < frame.length; ) {
            int count = reader.read(frame, filled, frame.length - filled);
            if (count == -1) {
                return false;
            }
            filled += count;
        }
        SourceReader.requireSound(frame, samples, name);
        samples += frame.length;
        return true;
    }
}

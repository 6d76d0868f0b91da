package io.github.moshivis.plugin;

import io.github.moshivis.io.AudioSink;
import java.nio.file.Path;

/** Writes files of sound; implemented by moshivis-audio. */
public interface SoundFiles {
    /**
     * A WAV file of two channels that is valid at any time, but for its last second.
     *
     * @param file the file to write; one that exists is replaced when the sink is opened
     * @return a sink that takes interleaved samples, left and right, at 24 kHz
     */
    AudioSink stereo(Path file);
}

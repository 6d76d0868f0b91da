package io.github.moshivis.plugin;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.file.Path;

/** Files of sound; implemented by moshivis-audio. */
public interface SoundFiles {
    /**
     * A WAV file of two channels that is valid at any time, but for its last second.
     *
     * @param file the file to write; one that exists is replaced when the sink is opened
     * @return a sink that takes interleaved samples, left and right, at 24 kHz
     */
    AudioSink stereo(Path file);

    /**
     * A file of sound as a source.
     *
     * @param file a WAV or Ogg Opus file
     * @return a source that opens the file when it is opened
     */
    AudioSource source(Path file);

    /**
     * A recorded voice for a prompt, as PersonaPlex takes it ({@code moshi/models/lm.py}): 24 kHz mono at -24 LUFS, the last frame filled
     * up with zeros.
     *
     * @param file a WAV or Opus file of at least 0.4 s
     * @return samples in whole frames of 80 ms
     * @throws java.io.IOException if reading fails
     * @throws io.github.moshivis.errors.MediaException if it cannot be read, is too short or silent
     */
    float[] voice(Path file) throws IOException;
}

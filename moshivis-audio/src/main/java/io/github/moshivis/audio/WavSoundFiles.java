package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.plugin.SoundFiles;
import java.nio.file.Path;

/** WAV files for the recordings of conversations, in 16-bit integers, which play everywhere. Found by core; not to be called. */
public final class WavSoundFiles implements SoundFiles {
    /** Called by the service loader. */
    public WavSoundFiles() {}

    @Override
    public AudioSink stereo(Path file) {
        return new WavSink(file, PcmEncoding.SIGNED_16, 2);
    }
}

package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.nio.file.Path;

/**
 * WAV files as sources and sinks. Both are inert until they are opened, then stream with constant memory.
 *
 * <p>Follows the RIFF/WAVE format with WAVE_FORMAT_EXTENSIBLE, and EBU Tech 3306 (RF64) for files of more than 4 GB.
 */
public final class WavFile {
    private WavFile() {}

    /**
     * Reads a file of any sample rate from {@value Resampler#MIN_RATE} to {@value Resampler#MAX_RATE} Hz and any number of channels,
     * in 8, 16, 24 or 32-bit integers or 32 or 64-bit floats; integers are scaled as {@link PcmEncoding} says, channels become one by
     * their mean, and what is not 24 kHz goes through the {@link Resampler}. A header whose sizes a streaming program left open is read
     * to the end of the file.
     *
     * <p>{@code open()} throws a {@link io.github.moshivis.errors.MediaException} for a file that is missing, empty, shorter than its
     * header says, contradictory, or in another encoding; {@code read} throws one for a float that is no finite number. A read after
     * {@code close()} gives -1.
     *
     * @param file the file to read
     * @return a source that is not live
     */
    public static AudioSource source(Path file) {
        return new WavSource(file);
    }

    /**
     * Writes a file of 24 kHz mono 32-bit floats, which lose nothing.
     *
     * @param file the file to write; one that exists is replaced when the sink is opened
     * @return a sink; see {@link #sink(Path, PcmEncoding)}
     */
    public static AudioSink sink(Path file) {
        return sink(file, PcmEncoding.FLOAT_32);
    }

    /**
     * Writes a file of 24 kHz mono. The header is brought up to date each second and when the sink is closed: if the program
     * dies in between, the file is valid and lacks the last second at most. Beyond 4 GB (twelve hours of floats) the header leaves the
     * size open, as streaming programs do.
     *
     * <p>{@code open()} throws a {@link io.github.moshivis.errors.MediaException} if the file cannot be written.
     *
     * @param file the file to write; one that exists is replaced when the sink is opened
     * @param encoding how samples are written; {@link PcmEncoding#SIGNED_16} plays everywhere
     * @return a sink
     */
    public static AudioSink sink(Path file, PcmEncoding encoding) {
        return new WavSink(file, encoding);
    }
}

package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * WAV files as sources and sinks. Both do nothing until they are opened, and need constant memory.
 *
 * <p>Follows the RIFF/WAVE format with WAVE_FORMAT_EXTENSIBLE, and EBU Tech 3306 (RF64) for files of more than 4 GB.
 */
public final class WavFile {
    private WavFile() {}

    /**
     * Reads a file of any sample rate from {@value Resampler#MIN_RATE} to {@value Resampler#MAX_RATE} Hz and any number of channels,
     * in 8, 16, 24 or 32-bit integers, 32 or 64-bit floats, or the mu-law or A-law of telephony; integers are scaled as {@link PcmEncoding} says, channels become one by
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
        Objects.requireNonNull(file, "file");
        return new WavSource(file);
    }

    /**
     * Reads a WAV file from a stream, such as standard input, a socket or a pipe from ffmpeg; otherwise like {@link #source(Path)}. A
     * size in the header that only a placeholder can be is read to the end of the stream.
     *
     * @param stream the stream at its first byte; closed with the source
     * @param name the name for messages
     * @return a source that is not live
     */
    public static AudioSource source(InputStream stream, String name) {
        return new WavSource(stream, Objects.requireNonNull(name, "name"));
    }

    /**
     * Reads a part of a file with separate channels, such as the two voices of a recorded conversation; otherwise like
     * {@link #source(Path)}.
     *
     * @param file the file to read
     * @param startSeconds start in seconds
     * @param seconds maximum duration
     * @return for each channel its samples at 24 kHz, nominally in [-1, 1]; fewer than asked for where the file ends
     * @throws io.github.moshivis.errors.MediaException as {@code open()} and {@code read} of a source do
     */
    public static float[][] channels(Path file, double startSeconds, double seconds) {
        Objects.requireNonNull(file, "file");
        return WavChannels.read(file, startSeconds, seconds);
    }

    /**
     * Writes a file of 24 kHz mono 32-bit floats, which is lossless.
     *
     * @param file the file to write; one that exists is replaced when the sink is opened
     * @return a sink; see {@link #sink(Path, PcmEncoding)}
     */
    public static AudioSink sink(Path file) {
        Objects.requireNonNull(file, "file");
        return sink(file, PcmEncoding.FLOAT_32);
    }

    /**
     * Writes a file of 24 kHz mono. The header is updated each second and when the sink is closed: if the program dies meanwhile, the file
     * is valid and lacks at most the last second. Beyond 4 GB (twelve hours of floats) the header leaves the size open, as streaming
     * programs do.
     *
     * <p>{@code open()} throws a {@link io.github.moshivis.errors.MediaException} if the file cannot be written.
     *
     * @param file the file to write; one that exists is replaced when the sink is opened
     * @param encoding how samples are written; {@link PcmEncoding#SIGNED_16} plays everywhere
     * @return a sink; a pipe or device is written as {@link #sink(OutputStream, PcmEncoding, String)} does
     */
    public static AudioSink sink(Path file, PcmEncoding encoding) {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(encoding, "encoding");
        boolean seeks = !Files.exists(file) || Files.isRegularFile(file) || Files.isDirectory(file);
        return seeks ? new WavSink(file, encoding) : new WavStreamSink(file, encoding);
    }

    /**
     * Writes a WAV file of 24 kHz mono to a stream, such as standard output or a pipe. The header leaves the sizes open, as streaming
     * programs do; nothing is written before {@code open()}.
     *
     * @param stream the stream; flushed once a second, closed with the sink
     * @param encoding the encoding of samples
     * @param name the name for messages
     * @return a sink
     */
    public static AudioSink sink(OutputStream stream, PcmEncoding encoding, String name) {
        return new WavStreamSink(stream, encoding, name);
    }
}

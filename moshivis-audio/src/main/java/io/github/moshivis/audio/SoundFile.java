package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Audio files by file name: {@code .opus}, {@code .ogg} and {@code .oga} are Opus, all others WAV. */
public final class SoundFile {
    private static final List<String> OPUS = List.of(".opus", ".ogg", ".oga");

    private SoundFile() {}

    /**
     * Reads a file with {@link OggOpus#source(Path)} or {@link WavFile#source(Path)}.
     *
     * @param file the file to read
     * @return a source that is not live
     */
    public static AudioSource source(Path file) {
        Objects.requireNonNull(file, "file");
        return isOpus(file) ? OggOpus.source(file) : WavFile.source(file);
    }

    /**
     * Writes a file with {@link OggOpus#sink(Path)} or {@link WavFile#sink(Path)}.
     *
     * @param file the file to write; one that exists is replaced when the sink is opened
     * @return a sink
     */
    public static AudioSink sink(Path file) {
        Objects.requireNonNull(file, "file");
        return isOpus(file) ? OggOpus.sink(file) : WavFile.sink(file);
    }

    /**
     * Reads the duration of a file from its headers.
     *
     * @param file the file
     * @return the duration, from the last granules for Opus; empty for a file that is not regular, such as a pipe, which is not opened
     * @throws io.github.moshivis.errors.MediaException if it cannot be read as {@link #source} reads it
     * @throws IOException if reading fails
     */
    public static Optional<Duration> duration(Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        return Optional.of(isOpus(file) ? OggOpusLength.of(file) : WavSource.duration(file));
    }

    /**
     * Tells how a file is read and written.
     *
     * @param file the file; only its name is looked at
     * @return true for Opus, false for WAV
     */
    public static boolean isOpus(Path file) {
        Objects.requireNonNull(file, "file");
        String name = file.toString().toLowerCase(Locale.ROOT);
        return OPUS.stream().anyMatch(name::endsWith);
    }
}

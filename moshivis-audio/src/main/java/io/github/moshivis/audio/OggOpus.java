package io.github.moshivis.audio;

import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Opus in Ogg as sources and sinks: files with the endings {@code .opus} and {@code .ogg}, and streams. All are inert until they are
 * opened, then stream with constant memory, some hundred KB of it native and freed by {@code close()}.
 *
 * <p>{@link OggOpusDecoder} and {@link OggOpusEncoder} do the work, for bytes that come and go in messages.
 */
public final class OggOpus {
    private OggOpus() {}

    /**
     * Reads a file, mono or stereo, from the first sample behind the pre-skip to the one that the last page's granule says.
     *
     * <p>{@code open()} throws a {@link io.github.moshivis.errors.MediaException} for a file that is missing or does not begin as Ogg
     * with Opus, {@code read} for one that goes on with something else. Damage within is skipped, see {@link OggOpusDecoder}; a file that was cut short ends where it ends. A
     * read after {@code close()} gives -1.
     *
     * @param file the file to read
     * @return a source that is not live
     */
    public static AudioSource source(Path file) {
        Objects.requireNonNull(file, "file");
        Path absolute = file.toAbsolutePath();
        return new OggOpusSource(absolute.toString(), absolute, false, () -> OneUse.openToRead("Opus", absolute));
    }

    /**
     * Reads a stream as a {@linkplain #source(Path) file} is read: to its end, and not as live sound. {@code open()} waits for its
     * header.
     *
     * @param stream the stream, closed with the source, which must make a blocked read from it return
     * @return a source that is not live
     */
    public static AudioSource source(InputStream stream) {
        Objects.requireNonNull(stream, "stream");
        return new OggOpusSource("the stream", null, false, () -> stream);
    }

    /**
     * Reads a stream that comes at the pace of real time: granules are ignored, and a conversation that cannot keep up loses sound.
     *
     * @param stream the stream, closed with the source, which must make a blocked read from it return
     * @return a source that is live
     */
    public static AudioSource live(InputStream stream) {
        Objects.requireNonNull(stream, "stream");
        return new OggOpusSource("the live stream", null, true, () -> stream);
    }

    /**
     * Writes a file as {@link OpusSettings#file()} says.
     *
     * @param file the file to write; one that exists is replaced when the sink is opened
     * @return a sink; see {@link #sink(Path, OpusSettings)}
     */
    public static AudioSink sink(Path file) {
        Objects.requireNonNull(file, "file");
        return sink(file, OpusSettings.file());
    }

    /**
     * Writes a file. If the program dies in between, the file is valid and lacks the page that was being filled.
     *
     * <p>{@code open()} throws a {@link io.github.moshivis.errors.MediaException} if the file cannot be written.
     *
     * @param file the file to write; one that exists is replaced when the sink is opened
     * @param settings how to encode
     * @return a sink
     */
    public static AudioSink sink(Path file, OpusSettings settings) {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(settings, "settings");
        Path absolute = file.toAbsolutePath();
        return new OggOpusSink(absolute.toString(), absolute, settings, false, () -> openToWrite(absolute));
    }

    /**
     * Writes a stream, which is flushed after each page.
     *
     * @param stream the stream, closed with the sink; if a write to it is blocked then, the last page is left out
     * @param settings how to encode; {@link OpusSettings#live()} for a network
     * @return a sink
     */
    public static AudioSink sink(OutputStream stream, OpusSettings settings) {
        Objects.requireNonNull(stream, "stream");
        return new OggOpusSink("the stream", null, Objects.requireNonNull(settings, "settings"), true, () -> stream);
    }

    /** No channel: an interrupt closes those, and a talk that is interrupted shall still complete its file. */
    private static OutputStream openToWrite(Path file) {
        try {
            return new FileOutputStream(file.toFile());
        } catch (IOException e) {
            throw OneUse.cannotWrite("Opus", file, e);
        }
    }
}

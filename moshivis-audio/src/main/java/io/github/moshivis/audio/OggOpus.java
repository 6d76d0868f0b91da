package io.github.moshivis.audio;

import io.github.moshivis.audio.opus.OpusCodec;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Opus in Ogg as sources and sinks: files with the endings {@code .opus} and {@code .ogg}, and streams. All do nothing until they are
 * opened, and need constant memory, some hundred KB of it native and freed by {@code close()}.
 *
 * <p>{@link OggOpusDecoder} and {@link OggOpusEncoder} encode and decode bytes in messages.
 */
public final class OggOpus {
    /** System property that selects the implementation: {@code native}, {@code java}, or by default the first that works. */
    public static final String IMPLEMENTATION_PROPERTY = OpusCodec.PROPERTY;

    /** System property with the path of a libopus to use. */
    public static final String LIBRARY_PROPERTY = OpusCodec.LIBRARY_PROPERTY;

    private OggOpus() {}

    /**
     * Reads a file, mono or stereo, from the first sample after the pre-skip to the last one, given by the granule of the last page.
     *
     * <p>{@code open()} throws a {@link io.github.moshivis.errors.MediaException} for a missing file or one that does not begin with Opus
     * in Ogg, {@code read} for one that continues with other data. Damaged parts are skipped, see {@link OggOpusDecoder}; a truncated file
     * ends early. A read after {@code close()} returns -1.
     *
     * @param file the file to read
     * @return a source that is not live
     */
    public static AudioSource source(Path file) {
        Objects.requireNonNull(file, "file");
        return channel(file, OpusLink.MIX);
    }

    /**
     * Reads the channels of a file separately, such as the two voices of a recorded conversation; otherwise like {@link #source(Path)}.
     *
     * @param file the file to read
     * @return a source for each channel that the file's first header states, which all read the file independently of each other
     * @throws io.github.moshivis.errors.MediaException as {@code open()} of a source does
     * @throws IOException if reading fails
     */
    public static List<AudioSource> channels(Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        try (OggOpusSource first = channel(file, OpusLink.MIX)) {
            first.open();
            return first.channels() == 1 ? List.of(source(file)) : List.of(channel(file, 0), channel(file, 1));
        }
    }

    private static OggOpusSource channel(Path file, int channel) {
        Path absolute = file.toAbsolutePath();
        return new OggOpusSource(
                absolute.toString(), absolute, channel, false, () -> OneUse.openToRead("Opus", absolute));
    }

    /**
     * Reads a stream like a {@linkplain #source(Path) file}: to its end, not live. {@code open()} waits for the header.
     *
     * @param stream the stream, closed with the source, which must make a blocked read from it return
     * @return a source that is not live
     */
    public static AudioSource source(InputStream stream) {
        InputStream held = new HostStream(stream);
        return new OggOpusSource("the stream", null, OpusLink.MIX, false, () -> held);
    }

    /**
     * Reads a live stream: granules are ignored, and a conversation that cannot keep up loses audio.
     *
     * @param stream the stream, closed with the source, which must make a blocked read from it return
     * @return a source that is live
     */
    public static AudioSource live(InputStream stream) {
        InputStream held = new HostStream(stream);
        return new OggOpusSource("the live stream", null, OpusLink.MIX, true, () -> held);
    }

    /**
     * Writes a file with {@link OpusSettings#file()}.
     *
     * @param file the file to write; one that exists is replaced when the sink is opened
     * @return a sink; see {@link #sink(Path, OpusSettings)}
     */
    public static AudioSink sink(Path file) {
        Objects.requireNonNull(file, "file");
        return sink(file, OpusSettings.file());
    }

    /**
     * Writes a file. If the program dies meanwhile, the file is valid but lacks the last page.
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
     * Writes a stream and flushes it after each page.
     *
     * @param stream the stream, closed with the sink; if a write to it is blocked then, the last page is left out
     * @param settings how to encode; {@link OpusSettings#live()} for a network
     * @return a sink
     */
    public static AudioSink sink(OutputStream stream, OpusSettings settings) {
        Objects.requireNonNull(stream, "stream");
        return new OggOpusSink("the stream", null, Objects.requireNonNull(settings, "settings"), true, () -> stream);
    }

    /** Not a channel, which an interrupt would close: an interrupted conversation must complete its file. */
    private static OutputStream openToWrite(Path file) {
        try {
            return new FileOutputStream(file.toFile());
        } catch (IOException e) {
            throw OneUse.cannotWrite("Opus", file, e);
        }
    }
}

package io.github.moshivis.vision;

import static io.github.moshivis.vision.PictureFormat.hasAscii;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.IIOException;

/**
 * The RIFF container of a WebP file (RFC 9649), reduced to what is needed of it. The extended form carries color profiles,
 * transparency planes, animations and a canvas size of its own; of all these only the first frame's bitstream is decoded, so that
 * its own header alone says how large the picture is.
 */
final class WebpContainer {
    private static final int FILE_HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    /** Position, size, duration and flags in front of the chunks of an animation frame. */
    private static final int FRAME_HEADER = 16;

    /** Zeros behind a bitstream, as many as its decoder reads ahead: only that of a truncated bitstream comes to their end. */
    private static final int LOSSY_READ_AHEAD = 1;

    private static final int LOSSLESS_READ_AHEAD = 8;

    /** Reads past the end of what {@link #firstFrame} returns: the reader would take the first for the end of the picture. */
    static final int READS_PAST_END = 0;

    private static final String EXIF_PREFIX = "Exif\0\0";

    private WebpContainer() {}

    /**
     * The first frame as a WebP file in the simple form: header and one bitstream.
     *
     * @throws IIOException if the file is truncated or holds no frame
     */
    static byte[] firstFrame(byte[] file) throws IIOException {
        byte[] content = content(file);
        Optional<byte[]> animationFrame = find(content, "ANMF");
        if (animationFrame.isPresent()) {
            byte[] frame = animationFrame.get();
            content = Arrays.copyOfRange(frame, Math.min(FRAME_HEADER, frame.length), frame.length);
        }
        Optional<byte[]> lossy = find(content, "VP8 ");
        if (lossy.isPresent()) {
            return simpleFile("VP8 ", lossy.get(), LOSSY_READ_AHEAD);
        }
        byte[] lossless = find(content, "VP8L").orElseThrow(() -> new IIOException("the container holds no picture"));
        return simpleFile("VP8L", lossless, LOSSLESS_READ_AHEAD);
    }

    /** The TIFF structure of the EXIF chunk. */
    static Optional<byte[]> exif(byte[] file) throws IIOException {
        return find(content(file), "EXIF")
                .map(exif -> hasAscii(exif, 0, EXIF_PREFIX)
                        ? Arrays.copyOfRange(exif, EXIF_PREFIX.length(), exif.length)
                        : exif);
    }

    private static byte[] content(byte[] file) throws IIOException {
        long end = 8 + (little(file).getInt(4) & 0xFFFFFFFFL);
        if (end > file.length || end < FILE_HEADER) {
            throw new IIOException("the container states " + end + " bytes, the file has " + file.length);
        }
        return Arrays.copyOfRange(file, FILE_HEADER, (int) end);
    }

    private static Optional<byte[]> find(byte[] chunks, String name) throws IIOException {
        long at = 0;
        while (at + CHUNK_HEADER <= chunks.length) {
            int start = (int) at + CHUNK_HEADER;
            long size = little(chunks).getInt((int) at + 4) & 0xFFFFFFFFL;
            if (start + size > chunks.length) {
                throw new IIOException("a chunk of " + size + " bytes goes past the end of the container");
            }
            if (hasAscii(chunks, (int) at, name)) {
                return Optional.of(Arrays.copyOfRange(chunks, start, start + (int) size));
            }
            at = start + size + (size & 1); // padded to an even size
        }
        return Optional.empty();
    }

    private static byte[] simpleFile(String name, byte[] bitstream, int readAhead) {
        int padded = bitstream.length + (bitstream.length & 1);
        ByteBuffer file = little(new byte[FILE_HEADER + CHUNK_HEADER + padded + readAhead]);
        file.put(ascii("RIFF")).putInt(FILE_HEADER + padded).put(ascii("WEBP"));
        file.put(ascii(name)).putInt(bitstream.length).put(bitstream);
        return file.array();
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] ascii(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}

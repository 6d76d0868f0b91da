package io.github.moshivis.vision;

import static io.github.moshivis.vision.PictureFormat.hasAscii;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The chunks of a PNG file (PNG specification, section 5): length, name, data, checksum. */
final class PngChunks {
    private static final int SIGNATURE = 8;
    private static final int CHUNK_HEADER = 8;
    private static final int CHECKSUM = 4;

    private PngChunks() {}

    /** The TIFF structure of the {@code eXIf} chunk, if there is one before the file ends. */
    static Optional<byte[]> exif(byte[] file) {
        long at = SIGNATURE;
        while (at + CHUNK_HEADER <= file.length) {
            int start = (int) at + CHUNK_HEADER;
            long size = ByteBuffer.wrap(file).getInt((int) at) & 0xFFFFFFFFL;
            if (start + size > file.length) {
                break;
            }
            if (hasAscii(file, (int) at + 4, "eXIf")) {
                return Optional.of(Arrays.copyOfRange(file, start, start + (int) size));
            }
            at = start + size + CHECKSUM;
        }
        return Optional.empty();
    }
}

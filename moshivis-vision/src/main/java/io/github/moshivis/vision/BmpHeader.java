package io.github.moshivis.vision;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The fields of a BMP file that must be known, or completed, before its reader may look at it. */
final class BmpHeader {
    private static final int FILE_SIZE = 2;
    private static final int HEADER_SIZE = 14;
    private static final int COMPRESSION = 30;
    /** The smallest header, BITMAPINFOHEADER, that has a compression field. */
    private static final int INFO_HEADER = 40;

    private static final int BI_JPEG = 4;
    private static final int BI_PNG = 5;

    private BmpHeader() {}

    /** The file with its true size where a streaming writer left the field at 0; the JDK's reader believes it. */
    static byte[] withFileSize(byte[] file) {
        ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < HEADER_SIZE || header.getInt(FILE_SIZE) != 0) {
            return file;
        }
        byte[] completed = file.clone();
        ByteBuffer.wrap(completed).order(ByteOrder.LITTLE_ENDIAN).putInt(FILE_SIZE, file.length);
        return completed;
    }

    /** Returns whether the pixels are a JPEG or PNG file, with a size of its own. */
    static boolean embedsAnotherFormat(byte[] file) {
        ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < COMPRESSION + Integer.BYTES || header.getInt(HEADER_SIZE) < INFO_HEADER) {
            return false;
        }
        int compression = header.getInt(COMPRESSION);
        return compression == BI_JPEG || compression == BI_PNG;
    }
}

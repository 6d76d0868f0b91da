package io.github.moshivis.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** Checksums and lengths of mutated files, corrected so that a parser goes beyond them. */
final class Checksums {
    private static final int PNG_SIGNATURE = 8;
    private static final int PNG_FRAME = 12;
    private static final int OGG_CHECKSUM = 22;
    private static final int OGG_HEADER = 27;
    private static final int OGG_POLYNOMIAL = 0x04c11db7;

    private Checksums() {}

    /** A PNG file whose chunks have the right CRC, as far as their lengths are possible. */
    static byte[] ofChunks(byte[] mutated) {
        ByteBuffer file = ByteBuffer.wrap(mutated.clone());
        for (int at = PNG_SIGNATURE; at + PNG_FRAME <= file.capacity(); ) {
            int length = file.getInt(at);
            if (length < 0 || length > file.capacity() - at - PNG_FRAME) {
                break;
            }
            CRC32 crc = new CRC32();
            crc.update(file.array(), at + Integer.BYTES, Integer.BYTES + length);
            at += PNG_FRAME + length;
            file.putInt(at - Integer.BYTES, (int) crc.getValue());
        }
        return file.array();
    }

    /** An Ogg file whose pages have the right CRC, as far as their lengths are possible. */
    static byte[] ofPages(byte[] mutated) {
        byte[] file = mutated.clone();
        for (int at = 0; at + OGG_HEADER <= file.length; ) {
            int segments = file[at + OGG_HEADER - 1] & 0xff;
            int length = OGG_HEADER + segments;
            for (int i = 0; i < segments && at + OGG_HEADER + i < file.length; i++) {
                length += file[at + OGG_HEADER + i] & 0xff;
            }
            if (file[at] != 'O' || length > file.length - at) {
                break;
            }
            ByteBuffer page = ByteBuffer.wrap(file, at, length).slice().order(ByteOrder.LITTLE_ENDIAN);
            page.putInt(OGG_CHECKSUM, 0);
            page.putInt(OGG_CHECKSUM, ofPage(page));
            at += length;
        }
        return file;
    }

    private static int ofPage(ByteBuffer page) {
        int crc = 0;
        while (page.hasRemaining()) {
            crc ^= page.get() << 24;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc << 1 ^ (crc < 0 ? OGG_POLYNOMIAL : 0);
            }
        }
        return crc;
    }

    /** The start of a safetensors file whose length is that of its header. */
    static byte[] ofHeader(byte[] mutated) {
        if (mutated.length < Long.BYTES) {
            return mutated;
        }
        return ByteBuffer.wrap(mutated.clone())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, mutated.length - Long.BYTES)
                .array();
    }
}

package io.github.moshivis.vision;

import java.util.Arrays;
import javax.imageio.IIOException;

/**
 * The blocks of a GIF file (GIF89a specification), reduced to the first frame: the JDK's reader collects comments and other extensions in
 * quadratic time.
 */
final class GifFirstFrame {
    /** Signature and logical screen, without the color table. */
    private static final int SCREEN = 13;

    private static final int SCREEN_FLAGS = 10;

    /** Introducer, position, size and flags of a frame. */
    private static final int DESCRIPTOR = 10;

    private GifFirstFrame() {}

    /**
     * Returns a file of the screen and the first frame, without a trailer.
     *
     * @throws IIOException if there is no frame
     */
    static byte[] of(byte[] file) throws IIOException {
        int at = behindTable(file, SCREEN_FLAGS, SCREEN);
        byte[] screen = Arrays.copyOf(file, Math.min(at, file.length));
        while (at < file.length && file[at] == '!') {
            at = behindBlocks(file, at + 2);
        }
        if (at + DESCRIPTOR > file.length || file[at] != ',') {
            throw new IIOException("it has no complete frame");
        }
        int end = behindBlocks(file, behindTable(file, at + DESCRIPTOR - 1, at + DESCRIPTOR) + 1);
        byte[] result = Arrays.copyOf(screen, screen.length + end - at);
        System.arraycopy(file, at, result, screen.length, end - at);
        return result;
    }

    /** Returns the position behind a color table, whose size is in flags. */
    private static int behindTable(byte[] file, int flags, int table) {
        boolean present = flags < file.length && (file[flags] & 0x80) != 0;
        return present ? table + 3 * (2 << (file[flags] & 7)) : table;
    }

    /** Returns the position behind a sequence of blocks and its terminator, at most the end of the file. */
    private static int behindBlocks(byte[] file, int first) {
        int at = first;
        while (at < file.length && file[at] != 0) {
            at += 1 + (file[at] & 0xff);
        }
        return Math.min(at + 1, file.length);
    }
}

package io.github.moshivis.train.model;

import com.sun.jna.NativeLibrary;

/**
 * The heap from which LibTorch takes tensors in main memory. The C library of Linux gives large blocks back to the kernel as soon as they
 * are freed; each step of a training frees all that it computed, so that without {@link #keepFreed} the next one waits for the same pages
 * to be mapped and cleared again.
 */
public final class NativeHeap {
    /** Parameters of {@code mallopt(3)}. */
    private static final int TRIM_THRESHOLD = -1;

    private static final int TOP_PAD = -2;
    private static final int MMAP_MAX = -4;

    /** Bytes by which the heap grows at least. */
    private static final int GROWTH = 1 << 26;

    private static final int NEVER = -1;

    private NativeHeap() {}

    /**
     * Keeps blocks of less than 64 MB that are freed from now on for the process, until it ends. The process then holds the most memory
     * that it ever used: for programs that only train.
     *
     * @return whether the C library does so; false where it is not glibc, and nothing changes
     */
    public static boolean keepFreed() {
        try {
            NativeLibrary process = NativeLibrary.getProcess();
            return set(process, MMAP_MAX, 0) && set(process, TRIM_THRESHOLD, NEVER) && set(process, TOP_PAD, GROWTH);
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private static boolean set(NativeLibrary library, int parameter, int value) {
        return library.getFunction("mallopt").invokeInt(new Object[] {parameter, value}) == 1;
    }
}

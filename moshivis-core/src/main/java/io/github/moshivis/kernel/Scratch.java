package io.github.moshivis.kernel;

import java.lang.ref.Cleaner;

/** Memory that a thread uses for one product after the other; freed some time after the thread has ended. */
public final class Scratch {
    private static final long MIN_BYTES = 1 << 16;
    private static final Cleaner CLEANER = Cleaner.create();
    private static final ThreadLocal<Scratch> MINE = new ThreadLocal<>();

    private final long address;
    private final long bytes;
    private final Cleaner.Cleanable memory;

    private Scratch(long bytes) {
        long allocated = MatrixMemory.allocateAlone(bytes);
        this.address = allocated;
        this.bytes = bytes;
        this.memory = CLEANER.register(this, () -> NativeCalls.release(allocated));
    }

    /**
     * Memory of the calling thread, aligned to 64 bytes.
     *
     * @param bytes how much is needed
     * @return its address, valid until the thread asks again
     */
    public static long of(long bytes) {
        Scratch mine = MINE.get();
        if (mine == null || mine.bytes < bytes) {
            Scratch larger = new Scratch(Math.max(MIN_BYTES, 2 * bytes));
            MINE.set(larger);
            if (mine != null) {
                mine.memory.clean();
            }
            return larger.address;
        }
        return mine.address;
    }
}

package io.github.moshivis.tensor;

import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.Pointer;

/** Counts of live native objects, which reveal leaks. Thread-safe. */
public final class NativeMemory {
    private static final AtomicLong KEPT_TENSORS = new AtomicLong();
    private static final AtomicLong KEPT_BYTES = new AtomicLong();

    private NativeMemory() {}

    /**
     * Counts at one moment.
     *
     * @param keptTensors tensors and parts of packed matrices that were kept beyond their scope and are not closed
     * @param keptBytes the bytes of their elements, views and mapped files included
     * @param nativeObjects objects of any kind that JavaCPP tracks, other users of JavaCPP in the process included, constants
     *     but not those that are made once for all operators
     */
    public record Snapshot(long keptTensors, long keptBytes, long nativeObjects) {}

    /**
     * Counts now.
     *
     * @return the counts
     */
    public static Snapshot snapshot() {
        long constants = Constants.count();
        return new Snapshot(KEPT_TENSORS.get(), KEPT_BYTES.get(), Pointer.totalCount() - constants);
    }

    /**
     * The memory of this process that is in RAM, mapped files included.
     *
     * @return bytes
     */
    public static long residentBytes() {
        return Pointer.physicalBytes();
    }

    /**
     * Gives memory that was freed back to the system, where the C library would keep it for later. Work that allocates much beside
     * what it keeps leaves holes of a quarter of that.
     */
    public static void trim() {
        LibTorch.load();
        Pointer.trimMemory();
    }

    static void kept(long bytes) {
        KEPT_TENSORS.incrementAndGet();
        KEPT_BYTES.addAndGet(bytes);
    }

    static void released(long bytes) {
        KEPT_TENSORS.decrementAndGet();
        KEPT_BYTES.addAndGet(-bytes);
    }
}

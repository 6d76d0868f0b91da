package io.github.moshivis.kernel;

import java.util.Map;
import java.util.TreeMap;

/**
 * Memory of packed matrices. A processor reads faster through huge pages, which only large areas have: small matrices lie side by side in
 * such an area, which is freed with the last of them. Thread-safe.
 */
final class MatrixMemory {
    /** Bytes of an area; memory is taken as it is used. */
    static final long AREA = 32L << 20;

    /** Larger matrices have an area of their own. */
    private static final long LARGE = AREA / 4;

    private static final long CACHE_LINE = 64;

    private static final TreeMap<Long, Area> AREAS = new TreeMap<>();
    private static Area filled;

    private MatrixMemory() {}

    private static final class Area {
        private final long start = allocateAlone(AREA);
        private long used;
        private int matrices;
    }

    /** Memory for a matrix, aligned to a cache line. */
    static synchronized long allocate(long bytes) {
        long rounded = (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
        if (rounded > LARGE) {
            return allocateAlone(rounded);
        }
        if (filled == null || filled.used + rounded > AREA) {
            filled = new Area();
            AREAS.put(filled.start, filled);
        }
        long address = filled.start + filled.used;
        filled.used += rounded;
        filled.matrices++;
        return address;
    }

    /** Memory that is no part of an area. */
    static long allocateAlone(long bytes) {
        long address = NativeCalls.allocate(bytes);
        if (address == 0) {
            throw new OutOfMemoryError("No " + bytes + " bytes of native memory for a packed matrix");
        }
        return address;
    }

    /** Frees what {@link #allocate} has given. */
    static synchronized void release(long address) {
        Map.Entry<Long, Area> below = AREAS.floorEntry(address);
        if (below == null || address >= below.getKey() + AREA) {
            NativeCalls.release(address);
            return;
        }
        Area area = below.getValue();
        area.matrices--;
        if (area.matrices == 0) {
            AREAS.remove(area.start);
            NativeCalls.release(area.start);
            filled = area == filled ? null : filled;
        }
    }

    /** Number of areas. */
    static synchronized int areas() {
        return AREAS.size();
    }
}

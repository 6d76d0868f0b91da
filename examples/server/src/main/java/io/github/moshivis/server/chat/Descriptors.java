package io.github.moshivis.server.chat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** File descriptors of the process: each connection takes one. */
public final class Descriptors {
    /** Number of descriptors that are left to files, such as recordings. */
    private static final long FOR_FILES = 64;

    private static final int LEAST = 8;

    private Descriptors() {}

    /**
     * Returns a part of the descriptors that are free now.
     *
     * @param divisor which part: 2 for a half
     * @return a number of connections; very large on systems without a limit
     */
    public static int part(int divisor) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)) {
            return Integer.MAX_VALUE;
        }
        long free = unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount() - FOR_FILES;
        return (int) Math.max(LEAST, Math.min(Integer.MAX_VALUE, free / divisor));
    }
}

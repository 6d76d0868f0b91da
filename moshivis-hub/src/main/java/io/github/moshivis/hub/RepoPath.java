package io.github.moshivis.hub;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names that come from outside (a hub's file list, a shard index, a revision) and are about to become paths on this machine.
 * A name is safe if it stays below the folder it is resolved against, on every platform that a cache may be copied to.
 */
final class RepoPath {
    /** Longest file name of ext4, NTFS and APFS, less what the cache appends to it. */
    private static final int MAX_SEGMENT_BYTES = 240;

    private static final int MAX_PATH_BYTES = 1024;

    /** Separators, wildcards and streams of Windows, and control characters. */
    private static final Pattern FORBIDDEN = Pattern.compile("[\\p{Cntrl}\\\\:*?\"<>|]");

    /** Device names of Windows, with any extension. */
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul");

    private static final Pattern NUMBERED_DEVICE = Pattern.compile("(com|lpt)[0-9]");

    private RepoPath() {}

    /** Returns whether a name, with {@code /} between its segments, is safe to resolve against a folder. */
    static boolean isSafe(String name) {
        if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            return false;
        }
        for (String segment : name.split("/", -1)) {
            if (!isSafeSegment(segment)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSafeSegment(String segment) {
        if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
            return false;
        }
        if (segment.endsWith(".") || segment.endsWith(" ")) {
            return false;
        }
        if (segment.getBytes(StandardCharsets.UTF_8).length > MAX_SEGMENT_BYTES
                || FORBIDDEN.matcher(segment).find()) {
            return false;
        }
        String stem = segment.toLowerCase(Locale.ROOT).split("\\.", 2)[0];
        return !DEVICES.contains(stem) && !NUMBERED_DEVICE.matcher(stem).matches();
    }

    /**
     * Resolves a safe name.
     *
     * @throws IllegalArgumentException if the name is not safe
     */
    static Path under(Path folder, String name) {
        if (!isSafe(name)) {
            throw new IllegalArgumentException(
                    "Cannot use " + printable(name)
                            + " as a file name below a folder: expected segments without '..', '\\', ':' or control characters");
        }
        Path path = folder;
        for (String segment : name.split("/")) {
            path = path.resolve(segment);
        }
        return path;
    }

    /** A name from outside as it may stand in a message: one line, of bounded length. */
    static String printable(String name) {
        String line = name.replaceAll("\\p{Cntrl}", "?");
        return '"' + (line.length() > 120 ? line.substring(0, 120) + "..." : line) + '"';
    }
}

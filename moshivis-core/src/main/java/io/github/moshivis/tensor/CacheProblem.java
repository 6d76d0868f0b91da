package io.github.moshivis.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/** Failures to load natives that lie in the directory to which they are unpacked, not in the natives. */
final class CacheProblem {
    private static final String NO_SPACE = "a file system without space";

    /** Space that all natives take: on a smaller file system JavaCPP leaves out what does not fit, and loads what does. */
    private static final long UNPACKED_BYTES = 500_000_000;

    /** Messages of loaders and file systems, and their meaning. */
    private static final Map<String, String> MEANINGS = Map.of(
            "failed to map segment",
            "a file system that lets nothing be executed (noexec)",
            "Operation not permitted",
            "a file system that lets nothing be executed (noexec)",
            "Read-only file system",
            "a file system that cannot be written (read-only)",
            "Permission denied",
            "a directory that this user cannot write",
            "AccessDenied",
            "a directory that this user cannot write",
            "create the cache",
            "a directory that cannot be written",
            "No space left on device",
            NO_SPACE,
            "file too short",
            "a library of which a part is missing, as a full file system leaves it");

    private CacheProblem() {}

    /**
     * Finds the cause of a failure.
     *
     * @param attempts messages of all exceptions
     * @return what was found, and what to do; empty if the cause is another
     */
    static Optional<String> advice(String attempts) {
        return advice(attempts, usableBytes());
    }

    /**
     * Finds the cause of a failure.
     *
     * @param attempts messages of all exceptions
     * @param usableBytes free space of the directory's file system
     * @return what was found, and what to do; empty if the cause is another
     */
    static Optional<String> advice(String attempts, long usableBytes) {
        boolean lacksNeighbor = attempts.contains(directory()) && attempts.contains("cannot open shared object file");
        return MEANINGS.entrySet().stream()
                .filter(entry -> attempts.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .or(() -> Optional.of(NO_SPACE).filter(full -> lacksNeighbor && usableBytes < UNPACKED_BYTES))
                .map(meaning -> "The natives are unpacked to " + directory() + ": found " + meaning
                        + ", expected one that can be written and executed, with some 500 MB free. Free space, or name"
                        + " another directory with -Dorg.bytedeco.javacpp.cachedir=DIRECTORY");
    }

    private static long usableBytes() {
        try {
            return Files.getFileStore(Path.of(directory())).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE; // unknown
        }
    }

    private static String directory() {
        try {
            return Loader.getCacheDir().toString();
        } catch (IOException e) {
            return System.getProperty("org.bytedeco.javacpp.cachedir", "~/.javacpp/cache");
        }
    }
}

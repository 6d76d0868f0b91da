package io.github.moshivis.tensor;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/** Failures to load natives that lie in the directory to which they are unpacked, not in the natives. */
final class CacheProblem {
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
            "a file system without space",
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
        return MEANINGS.entrySet().stream()
                .filter(entry -> attempts.contains(entry.getKey()))
                .findFirst()
                .map(entry -> "The natives are unpacked to " + directory() + ": found " + entry.getValue()
                        + ", expected one that can be written and executed, with some 500 MB free. Free space, or name"
                        + " another directory with -Dorg.bytedeco.javacpp.cachedir=DIRECTORY");
    }

    private static String directory() {
        try {
            return Loader.getCacheDir().toString();
        } catch (IOException e) {
            return System.getProperty("org.bytedeco.javacpp.cachedir", "~/.javacpp/cache");
        }
    }
}

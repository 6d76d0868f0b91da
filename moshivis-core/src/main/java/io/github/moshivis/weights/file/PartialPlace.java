package io.github.moshivis.weights.file;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A hidden name beside a target, under which it is written until it is whole, and a lock that says so as long as its process lives. What a
 * killed process left under such a name is removed when the same target is written again.
 */
public final class PartialPlace implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PartialPlace.class.getName());
    private static final String LOCK = ".lock";

    private final Path path;
    private final Path lockFile;
    private final FileChannel lock;

    private PartialPlace(Path path, Path lockFile, FileChannel lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Removes what killed processes left of the target, and reserves a name. Nothing is created under it.
     *
     * @param target where the whole file or directory will be; its parent exists
     * @return the place, to be closed by the caller after what is under its name has been moved or deleted
     * @throws IOException if the parent cannot be written
     */
    public static PartialPlace beside(Path target) throws IOException {
        removeStale(target);
        Path path = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".partial");
        Path lockFile = path.resolveSibling(path.getFileName() + LOCK);
        FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            lock.tryLock();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "This file system has no locks", e);
        }
        return new PartialPlace(path, lockFile, lock);
    }

    /**
     * Returns the reserved name.
     *
     * @return an absolute path if the target's is
     */
    public Path path() {
        return path;
    }

    private static void removeStale(Path target) throws IOException {
        Pattern partial = Pattern.compile(Pattern.quote("." + target.getFileName() + ".") + "[0-9a-f-]{36}\\.partial("
                + Pattern.quote(LOCK) + ")?");
        List<Path> found;
        try (Stream<Path> siblings = Files.list(target.toAbsolutePath().getParent())) {
            found = siblings.filter(path ->
                            partial.matcher(path.getFileName().toString()).matches())
                    .sorted() // the lock after what it guards
                    .toList();
        }
        for (Path path : found) {
            boolean isLock = path.getFileName().toString().endsWith(LOCK);
            Path lockFile = isLock ? path : path.resolveSibling(path.getFileName() + LOCK);
            if (!isHeld(lockFile)) {
                delete(path);
            }
        }
    }

    private static boolean isHeld(Path lockFile) {
        if (!Files.exists(lockFile)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException | IOException e) {
            return true; // by this process, or nobody can tell
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
        LOG.log(Level.INFO, "Removed {0}, which a killed process had left", path);
    }

    /** Frees the name. Idempotent. */
    @Override
    public void close() throws IOException {
        lock.close();
        Files.deleteIfExists(lockFile);
    }
}

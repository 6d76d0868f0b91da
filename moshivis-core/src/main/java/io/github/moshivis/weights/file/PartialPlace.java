package io.github.moshivis.weights.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A hidden name beside a target, under which it is written until it is complete, and a lock held while its process lives. Files that a
 * killed process left under such a name are removed when the same target is written again.
 */
public final class PartialPlace implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PartialPlace.class.getName());
    private static final String PARTIAL = ".partial";
    private static final String LOCK = ".lock";

    /** Names of this process. Their lock files are not opened again: on many systems the lock would go when one of two channels closes. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    private PartialPlace(Path path) throws IOException {
        this.path = path;
        HELD.add(path.toAbsolutePath());
        try {
            lock = FileChannel.open(lockFile(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            HELD.remove(path.toAbsolutePath());
            throw e;
        }
    }

    /**
     * Removes what killed processes left of the target, and reserves a name. Nothing is created under it.
     *
     * @param target where the whole file or directory will be; its parent exists
     * @return the place, to be closed by the caller after the file under its name has been moved or deleted
     * @throws IOException if the parent cannot be written
     */
    public static PartialPlace beside(Path target) throws IOException {
        return beside(target, () -> {});
    }

    /**
     * Reserves a name as {@link #beside(Path)} does.
     *
     * @param created called when a lock file exists and is not locked yet
     */
    static PartialPlace beside(Path target, Runnable created) throws IOException {
        removeStale(target);
        while (true) {
            PartialPlace place = new PartialPlace(
                    target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + PARTIAL));
            created.run();
            if (place.isOurs()) {
                return place;
            }
            place.close();
        }
    }

    /** Locks the file. Others delete only what they have locked, so that it stays if it is still there afterwards. */
    private boolean isOurs() {
        try {
            return lock.tryLock() != null && Files.exists(lockFile(path));
        } catch (OverlappingFileLockException e) {
            return false; // of a class of the same name in this process
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "This file system has no locks", e);
            return true;
        }
    }

    /**
     * Returns the reserved name.
     *
     * @return an absolute path if the target's is
     */
    public Path path() {
        return path;
    }

    private static Path lockFile(Path path) {
        return path.resolveSibling(path.getFileName() + LOCK);
    }

    private static synchronized void removeStale(Path target) throws IOException {
        Path parent = target.toAbsolutePath().getParent();
        Pattern partial = Pattern.compile("(" + Pattern.quote("." + target.getFileName() + ".") + "[0-9a-f-]{36}"
                + Pattern.quote(PARTIAL) + ")(" + Pattern.quote(LOCK) + ")?");
        Set<Path> found;
        try (Stream<Path> siblings = Files.list(parent)) {
            found = siblings.map(
                            sibling -> partial.matcher(sibling.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> parent.resolve(name.group(1)))
                    .collect(Collectors.toSet());
        }
        for (Path path : found) {
            if (!HELD.contains(path)) {
                removeUnlessHeld(path);
            }
        }
    }

    private static void removeUnlessHeld(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(lockFile(path), StandardOpenOption.WRITE)) {
            if (isFree(channel)) {
                delete(path);
                Files.deleteIfExists(lockFile(path)); // while it is locked: see isOurs
            }
        } catch (NoSuchFileException e) {
            delete(path); // a lock is there from before what it guards until after it
        }
    }

    private static boolean isFree(FileChannel lock) {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException | IOException e) {
            return false; // held in this process, or unknown
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
            LOG.log(Level.INFO, "Removed {0}, which a killed process had left", path);
        } catch (NoSuchFileException e) {
            LOG.log(Level.DEBUG, "Removed by another process", e);
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw e.getCause();
            }
        }
    }

    /** Frees the name. Idempotent. */
    @Override
    public void close() throws IOException {
        try {
            lock.close();
            Files.deleteIfExists(lockFile(path));
        } finally {
            HELD.remove(path.toAbsolutePath());
        }
    }
}

package io.github.moshivis.hub;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lock for the download of one file, exclusive among threads of this JVM and other processes. It is the operating system's lock, on a file
 * that is not deleted: a process that dies leaves no stale lock.
 */
final class CacheLock implements Closeable {
    private static final System.Logger LOG = System.getLogger(CacheLock.class.getName());

    /**
     * Locks that this JVM holds. An operating system's lock does not exclude threads of one process, and closing any channel of a file
     * drops all that the process has on it: so a thread opens the file only once it is here.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private CacheLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The action while another process works on the file. */
    @FunctionalInterface
    interface Waiting {
        void goesOn() throws IOException;
    }

    /** Waits for the lock. */
    static CacheLock acquire(Path lockFile, Cancellation cancellation, Waiting waiting) throws IOException {
        Files.createDirectories(lockFile.getParent());
        Path file = lockFile.getParent().toRealPath().resolve(lockFile.getFileName());
        boolean told = false;
        while (true) {
            cancellation.check();
            if (HELD.add(file)) {
                CacheLock lock = tryLock(file);
                if (lock != null) {
                    return lock;
                }
            }
            if (!told) {
                told = true;
                LOG.log(System.Logger.Level.INFO, "Waiting for another download of the same file: {0}", file);
            }
            waiting.goesOn();
            cancellation.sleep(Cancellation.TICK);
        }
    }

    private static CacheLock tryLock(Path file) throws IOException {
        FileChannel channel = null;
        CacheLock lock = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = channel.tryLock();
            if (held != null) {
                lock = new CacheLock(file, channel);
            }
            return lock;
        } catch (OverlappingFileLockException e) {
            return null; // the same class, loaded a second time in this JVM
        } finally {
            if (lock == null) {
                if (channel != null) {
                    channel.close();
                }
                HELD.remove(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(file);
        }
    }
}

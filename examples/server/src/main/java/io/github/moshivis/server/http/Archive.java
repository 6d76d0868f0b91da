package io.github.moshivis.server.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Unpacks an untrusted archive: only plain files and directories below the target, with limits on number and size.
 */
final class Archive {
    /** The page has dozens of files and a few megabytes. */
    private static final int MAX_FILES = 5_000;

    private static final long MAX_BYTES = 256L << 20;
    private static final int CHUNK = 64 << 10;

    private Archive() {}

    /**
     * Unpacks a compressed tar archive.
     *
     * @param archive {@code .tgz}
     * @param target an empty directory
     * @throws IOException if the archive cannot be read or has an entry that is not allowed
     */
    static void unpack(Path archive, Path target) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GzipCompressorInputStream(file))) {
            long left = MAX_BYTES;
            int files = 0;
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (++files > MAX_FILES) {
                    throw new IOException("more than " + MAX_FILES + " files");
                }
                Path path = inside(target, entry);
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    left -= copy(tar, path, left);
                }
            }
        }
    }

    private static Path inside(Path target, TarArchiveEntry entry) throws IOException {
        byte kind = entry.getLinkFlag();
        boolean plain = entry.isDirectory() || kind == TarConstants.LF_NORMAL || kind == TarConstants.LF_OLDNORM;
        if (!plain) {
            throw new IOException("the entry " + shown(entry) + ", which is neither a file nor a directory");
        }
        try {
            Path path = target.resolve(entry.getName()).normalize();
            if (Path.of(entry.getName()).isAbsolute() || !path.startsWith(target)) {
                throw new IOException("the entry " + shown(entry) + ", which lies outside");
            }
            return path;
        } catch (InvalidPathException e) {
            throw new IOException("the entry " + shown(entry) + ", which is no name for a file", e);
        }
    }

    private static String shown(TarArchiveEntry entry) {
        return '"' + entry.getName().replaceAll("[^\\x20-\\x7e]", "?") + '"';
    }

    private static long copy(InputStream from, Path path, long limit) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long copied = 0;
        try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
            for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
                copied += count;
                if (copied > limit) {
                    throw new IOException("more than " + MAX_BYTES + " bytes");
                }
                out.write(chunk, 0, count);
            }
        }
        return copied;
    }
}

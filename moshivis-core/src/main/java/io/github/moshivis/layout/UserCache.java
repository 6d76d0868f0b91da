package io.github.moshivis.layout;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The user's folder of files that are unpacked from jars. A file there is whole or absent, also after a kill: it is written under another
 * name, checked, and renamed. Several processes and threads may unpack the same files at once.
 */
public final class UserCache {
    /** The system property that names another folder than {@code ~/.cache/moshivis}. */
    public static final String PROPERTY = "moshivis.cachedir";

    private UserCache() {}

    /** Writes files below a folder. */
    @FunctionalInterface
    public interface Unpacking {
        /**
         * Writes the files.
         *
         * @param root the folder below which to write; it may not exist yet
         * @return the file or folder that the caller asked for
         * @throws IOException if they cannot be written
         */
        Path into(Path root) throws IOException;
    }

    /** Opens the content of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Opens the content.
         *
         * @return a new stream, to be closed by the caller
         * @throws IOException if it cannot be read
         */
        InputStream open() throws IOException;
    }

    /**
     * Unpacks into the user's folder; where that cannot be written, as in many containers, into a temporary one that is deleted when the
     * process ends.
     *
     * @param unpacking writes the files, by {@link #put}
     * @return what {@code unpacking} returned
     * @throws IOException if neither folder can be written
     */
    public static Path unpack(Unpacking unpacking) throws IOException {
        try {
            return unpacking.into(root());
        } catch (IOException e) {
            Path temporary = Files.createTempDirectory("moshivis-");
            try {
                Path unpacked = unpacking.into(temporary);
                deleteAtExit(temporary);
                return unpacked;
            } catch (IOException again) {
                again.addSuppressed(e);
                throw again;
            }
        }
    }

    private static Path root() {
        String folder = System.getProperty(PROPERTY);
        return folder != null ? Path.of(folder) : Path.of(System.getProperty("user.home"), ".cache", "moshivis");
    }

    /**
     * Writes a file unless it exists with the right content.
     *
     * @param file the file; its folder is made if need be, for the user alone
     * @param sha256 hash of the content, 64 lower-case hexadecimal digits
     * @param content opened only if the file is missing or damaged
     * @throws IOException if it cannot be written
     * @throws IllegalStateException if the content does not have this hash
     */
    public static void put(Path file, String sha256, Content content) throws IOException {
        if (Files.isRegularFile(file)
                && sha256.equals(sha256(Files.newInputStream(file), OutputStream.nullOutputStream()))) {
            return;
        }
        Path folder = file.getParent();
        createForUser(folder);
        Path part = Files.createTempFile(folder, "unpacked", ".part");
        try {
            String found;
            try (OutputStream out = Files.newOutputStream(part)) {
                found = sha256(content.open(), out);
            }
            if (!found.equals(sha256)) {
                throw new IllegalStateException("Cannot unpack " + file.getFileName() + ": found content with SHA-256 "
                        + found + ", expected " + sha256 + ". The jar is damaged; fetch or build it again");
            }
            replace(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Hashes a content.
     *
     * @param content the bytes
     * @return SHA-256, 64 lower-case hexadecimal digits
     */
    public static String sha256(byte[] content) {
        return HexFormat.of().formatHex(digest().digest(content));
    }

    private static String sha256(InputStream from, OutputStream to) throws IOException {
        try (DigestInputStream hashed = new DigestInputStream(from, digest())) {
            hashed.transferTo(to);
            return HexFormat.of().formatHex(hashed.getMessageDigest().digest());
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java has no SHA-256", e);
        }
    }

    private static void createForUser(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Another process that reads the file sees the old one or the new one. */
    private static void replace(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void deleteAtExit(Path folder) throws IOException {
        List<Path> tree = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.forEach(tree::add); // a folder before what it holds: the last one registered is deleted first
        }
        tree.forEach(path -> path.toFile().deleteOnExit());
    }
}

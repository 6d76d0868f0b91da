package io.github.moshivis.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The library's file: taken from the jar to a folder of the user, named by its hash, and checked against the jar at each start, so that a
 * damaged or exchanged copy is replaced and not loaded.
 */
final class KernelLibrary {
    /** The system property that names another folder for the copy. */
    static final String CACHE_PROPERTY = "moshivis.cachedir";

    private static final String FOLDER = "META-INF/native/";

    private KernelLibrary() {}

    /**
     * Loads the library of this jar.
     *
     * @return the reason why it could not be loaded, for people; empty if it is loaded
     */
    static Optional<String> load() {
        return load(KernelLibrary.class.getClassLoader());
    }

    /** Loads the library that a class loader has. */
    static Optional<String> load(ClassLoader jar) {
        String resource = FOLDER + platform() + "/" + System.mapLibraryName("moshivis");
        try (InputStream stream = jar.getResourceAsStream(resource)) {
            if (stream == null) {
                return Optional.of("the jar has no " + resource + "; it was built without a C++ compiler or for other"
                        + " platforms");
            }
            System.load(copy(stream.readAllBytes()).toString());
            int version = NativeCalls.version();
            return version == NativeCalls.VERSION
                    ? Optional.empty()
                    : Optional.of(resource + " has version " + version + ", expected " + NativeCalls.VERSION
                            + "; build moshivis-core again");
        } catch (IOException | LinkageError | RuntimeException e) {
            return Optional.of(resource + " cannot be loaded: " + e);
        }
    }

    /** The platform, named as JavaCPP names it. */
    static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String name = system.startsWith("mac") ? "macosx" : system.startsWith("windows") ? "windows" : system;
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return name
                + switch (processor) {
                    case "amd64", "x86_64" -> "-x86_64";
                    case "aarch64", "arm64" -> "-arm64";
                    default -> "-" + processor;
                };
    }

    private static Path copy(byte[] library) throws IOException {
        try {
            return copy(library, cache());
        } catch (IOException e) { // a home that cannot be written to, as in many containers
            Path temporary = Files.createTempDirectory("moshivis-");
            Path copy = copy(library, temporary);
            copy.toFile().deleteOnExit();
            return copy;
        }
    }

    private static Path cache() {
        String folder = System.getProperty(CACHE_PROPERTY);
        return folder != null ? Path.of(folder) : Path.of(System.getProperty("user.home"), ".cache", "moshivis");
    }

    /**
     * Copies a library into a cache unless it is there.
     *
     * @param library its bytes
     * @param cache the folder; made if need be
     * @return the copy
     */
    static Path copy(byte[] library, Path cache) throws IOException {
        Path folder = cache.resolve("native").resolve(hash(library));
        Path file = folder.resolve(System.mapLibraryName("moshivis"));
        if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), library)) {
            createForUser(folder);
            Path part = Files.createTempFile(folder, "moshivis", ".part");
            try {
                Files.write(part, library);
                replace(part, file);
            } finally {
                Files.deleteIfExists(part);
            }
        }
        return file.toAbsolutePath();
    }

    private static void createForUser(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Another process may load the file meanwhile: it sees the old one or the new one. */
    private static void replace(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String hash(byte[] library) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(library);
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java has no SHA-256", e);
        }
    }
}

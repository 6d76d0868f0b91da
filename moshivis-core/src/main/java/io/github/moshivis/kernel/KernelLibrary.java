package io.github.moshivis.kernel;

import io.github.moshivis.layout.UserCache;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The library's file: taken from the jar to a folder of the user, named by its hash, and checked against the jar at each start, so that a
 * damaged or exchanged copy is replaced and not loaded.
 */
final class KernelLibrary {
    private static final int NAME_DIGITS = 32;

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
            byte[] library = stream.readAllBytes();
            System.load(UserCache.unpack(cache -> copy(library, cache)).toString());
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

    /**
     * Copies a library into a cache unless it is there.
     *
     * @param library its bytes
     * @param cache the folder; made if need be
     * @return the copy
     */
    static Path copy(byte[] library, Path cache) throws IOException {
        String hash = UserCache.sha256(library);
        Path file = cache.resolve("native")
                .resolve(hash.substring(0, NAME_DIGITS))
                .resolve(System.mapLibraryName("moshivis"));
        UserCache.put(file, hash, () -> new ByteArrayInputStream(library));
        return file.toAbsolutePath();
    }
}

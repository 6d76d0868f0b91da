package io.github.moshivis.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Local copies of files at Hadoop paths, deleted on close. Used by one thread. */
final class LocalCopies implements AutoCloseable {
    private final Configuration configuration;
    private final List<java.nio.file.Path> copies = new ArrayList<>();

    LocalCopies(Configuration configuration) {
        this.configuration = configuration;
    }

    /** Returns the file of a path; empty if it does not exist. A file in the local file system is not copied. */
    Optional<java.nio.file.Path> find(Path path) {
        try {
            FileSystem files = path.getFileSystem(configuration);
            if (!files.exists(path) || !files.getFileStatus(path).isFile()) {
                return Optional.empty();
            }
            if (files instanceof LocalFileSystem local) {
                return Optional.of(local.pathToFile(path).toPath());
            }
            String name = path.getName(); // its ending is the format
            java.nio.file.Path copy =
                    Files.createTempFile("moshivis", name.substring(Math.max(0, name.lastIndexOf('.'))));
            copies.add(copy);
            try (var in = files.open(path);
                    var out = Files.newOutputStream(copy)) {
                in.transferTo(out);
            }
            return Optional.of(copy);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + path + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        for (java.nio.file.Path copy : copies) {
            try {
                Files.deleteIfExists(copy);
            } catch (IOException e) {
                copy.toFile().deleteOnExit();
            }
        }
    }
}

package io.github.moshivis.checkpoint;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.weights.file.PartialPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Destination of a conversion. Its files are written to a hidden directory beside it and moved when all are complete, each atomically, the
 * language model last.
 *
 * @param directory directory of the files
 * @param modelFile the language model's name in it
 * @param wholeModel whether the other files of a model belong there too
 * @param given what the caller named
 */
record OutputPlace(Path directory, String modelFile, boolean wholeModel, Path given) {
    /**
     * Understands a path: a file if it ends as a checkpoint's file does, else a directory.
     *
     * @param given the path
     * @param usualFile the language model's name in a directory
     * @throws IllegalArgumentException if the file's ending is another form's
     */
    static OutputPlace of(Path given, String usualFile) {
        Path path = given.toAbsolutePath().normalize();
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        if (!name.endsWith(TargetFile.SAFETENSORS) && !name.endsWith(TargetFile.GGUF)) {
            return new OutputPlace(path, usualFile, true, path);
        }
        String ending = usualFile.substring(usualFile.lastIndexOf('.'));
        if (!name.endsWith(ending)) {
            throw new IllegalArgumentException("Cannot write a model to " + path + ": found the ending of another form,"
                    + " expected a directory, or a file ending in " + ending + ". Choose another name.");
        }
        return new OutputPlace(path.getParent(), name, false, path);
    }

    /**
     * Checks that nothing is lost by writing there.
     *
     * @param inputs files that are read
     * @param names files that will be written
     * @param overwrite whether files of these names may be replaced
     * @throws IllegalArgumentException if something would be
     */
    void checkFree(Collection<Path> inputs, Collection<String> names, boolean overwrite) {
        List<Path> targets = names.stream().map(directory::resolve).toList();
        for (Path input : inputs) {
            for (Path target : targets) {
                if (isSame(input, target)) {
                    throw refused("found that it is what is read", "a place of its own", "Choose another place");
                }
            }
        }
        if (!overwrite && (wholeModel ? isOccupied(directory) : targets.stream().anyMatch(Files::exists))) {
            throw refused(
                    "found that it exists",
                    "nothing there",
                    "Choose another place, or say that it may be overwritten (--force)");
        }
        if (wholeModel && Files.exists(directory)) {
            checkNoOtherModel(names);
        }
    }

    private void checkNoOtherModel(Collection<String> names) {
        if (!Files.isDirectory(directory)) {
            throw refused("found a file", "a directory", "Choose another place");
        }
        List<String> others = list(directory).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(TargetFile.SAFETENSORS) || name.endsWith(TargetFile.GGUF))
                .filter(name -> !names.contains(name))
                .toList();
        if (!others.isEmpty()) {
            throw refused(
                    "found " + others,
                    "no other model in the directory, as it would be unclear which one to load",
                    "Choose another place, or delete them");
        }
    }

    private IllegalArgumentException refused(String found, String expected, String advice) {
        return new IllegalArgumentException(
                "Cannot write a model to " + given + ": " + found + ", expected " + expected + ". " + advice + ".");
    }

    /** Returns whether two names lead to one file. A link of another name, as a conversion makes them, is another file. */
    private static boolean isSame(Path a, Path b) {
        try {
            return Files.exists(a) && Files.exists(b) && a.toRealPath().equals(b.toRealPath());
        } catch (IOException e) {
            throw CheckpointException.notWritten("a model to", b, e);
        }
    }

    private static boolean isOccupied(Path directory) {
        return Files.exists(directory)
                && (!Files.isDirectory(directory) || !list(directory).isEmpty());
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw CheckpointException.notWritten("a model to", directory, e);
        }
    }

    /** Writes files. */
    interface Content {
        void write(Path directory) throws IOException;
    }

    /**
     * Writes files and moves them to their place; if it fails, nothing stays.
     *
     * @param bytes how many are going to be written
     * @param content writes to the directory that it is given
     * @return the files
     * @throws CheckpointException if there is too little space, or writing fails
     */
    List<Path> fill(long bytes, Content content) {
        Path parent = wholeModel ? directory.getParent() : directory;
        if (parent == null || !Files.isDirectory(parent)) {
            throw refused("found no directory " + parent, "one that exists", "Create it, or check the path");
        }
        try (PartialPlace partial = PartialPlace.beside(parent.resolve(given.getFileName()))) {
            requireSpace(parent, bytes, Files.getFileStore(parent).getUsableSpace());
            return fill(Files.createDirectory(partial.path()), content);
        } catch (IOException e) {
            throw CheckpointException.notWritten("a model to", given, e);
        }
    }

    private List<Path> fill(Path staging, Content content) throws IOException {
        try {
            content.write(staging);
            Files.createDirectories(directory);
            List<Path> written = new ArrayList<>();
            for (Path file : modelLast(list(staging))) {
                Path target = directory.resolve(file.getFileName());
                written.add(Files.move(file, target, StandardCopyOption.ATOMIC_MOVE));
            }
            return written;
        } finally {
            delete(staging);
        }
    }

    private List<Path> modelLast(List<Path> files) {
        return files.stream()
                .sorted(Comparator.comparing(file -> file.endsWith(modelFile)))
                .toList();
    }

    static void requireSpace(Path place, long bytes, long usable) {
        if (usable < bytes) {
            throw new CheckpointException("Cannot write a model to " + place + ": found " + usable
                    + " bytes free, expected " + bytes + " for the model. Free space or choose another place.");
        }
    }

    private static void delete(Path staging) {
        try {
            for (Path file : list(staging)) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(staging);
        } catch (IOException e) {
            throw CheckpointException.notWritten("a model to", staging, e);
        }
    }
}

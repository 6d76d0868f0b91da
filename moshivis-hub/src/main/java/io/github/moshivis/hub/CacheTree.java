package io.github.moshivis.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Walks through folders of the cache. Links are listed, never followed; a missing folder is empty. */
final class CacheTree {
    private CacheTree() {}

    /** Lists a folder, sorted. */
    static List<Path> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }

    /** Names of the folders in a folder, sorted. */
    static List<String> names(Path folder) throws IOException {
        return children(folder).stream()
                .filter(Files::isDirectory)
                .map(child -> child.getFileName().toString())
                .toList();
    }

    /** Names, with {@code /}, of the files and links at any depth below a folder, sorted. */
    static List<String> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> Files.isSymbolicLink(path) || Files.isRegularFile(path))
                    .map(path -> folder.relativize(path).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) { // of a folder that another process removes meanwhile
            throw e.getCause();
        }
    }

    /** Bytes of the files below a folder, a file with several names counted once where the file system can tell. */
    static long bytes(Path folder) throws IOException {
        Set<Object> seen = new HashSet<>();
        long[] sum = {0};
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                Object key = attributes.fileKey() == null ? file : attributes.fileKey();
                if (attributes.isRegularFile() && seen.add(key)) {
                    sum[0] += attributes.size();
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }

    /** Removes a folder and all in it. */
    static void delete(Path folder) throws IOException {
        if (!CacheLayout.isThere(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

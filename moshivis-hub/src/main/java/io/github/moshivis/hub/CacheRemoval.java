package io.github.moshivis.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Takes one revision out of a repository that has others. */
final class CacheRemoval {
    private CacheRemoval() {}

    /** Removes references before the snapshot that they name, and the snapshot before its bytes: never a dangling one. */
    static void removeRevision(CacheLayout layout, String commit) throws IOException {
        for (String reference : CacheTree.files(layout.refs())) {
            Path file = layout.refs().resolve(reference);
            if (CacheLayout.readReference(file).equals(commit)) {
                Files.delete(file);
            }
        }
        CacheTree.delete(layout.snapshot(commit));
        CacheTree.delete(layout.repository().resolve(".no_exist").resolve(commit));
        Files.deleteIfExists(layout.ownListing(commit));
        Files.deleteIfExists(layout.pythonListing(commit));
        Set<Path> used = blobsInUse(layout);
        for (Path blob : CacheTree.children(layout.blobs())) {
            if (!used.contains(blob.getFileName())) {
                Files.delete(blob);
            }
        }
    }

    /** File names of the blobs that snapshots link to, symbolically or, by being the same file, otherwise. */
    private static Set<Path> blobsInUse(CacheLayout layout) throws IOException {
        Set<Path> used = new HashSet<>();
        for (String file : CacheTree.files(layout.snapshots())) {
            Path pointer = layout.snapshots().resolve(file);
            if (Files.isSymbolicLink(pointer)) {
                used.add(Files.readSymbolicLink(pointer).getFileName());
            } else {
                for (Path blob : CacheTree.children(layout.blobs())) {
                    if (Files.isSameFile(blob, pointer)) {
                        used.add(blob.getFileName());
                    }
                }
            }
        }
        return used;
    }

    /** Returns whether a file in {@code blobs} is what an unfinished download left, ours or Python's. */
    static boolean isUnfinished(Path blob) {
        String name = blob.getFileName().toString();
        return name.endsWith(CacheLayout.PART_SUFFIX)
                || name.endsWith(CacheLayout.RANGES_SUFFIX)
                || name.endsWith(".incomplete");
    }
}

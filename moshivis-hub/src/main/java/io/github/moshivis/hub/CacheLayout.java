package io.github.moshivis.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * Paths of one repository in a cache of {@code huggingface_hub}:
 *
 * <pre>
 * models--OWNER--NAME/blobs/HASH                    the bytes
 *                     snapshots/COMMIT/FILE         links to them
 *                     refs/REVISION                 a commit, without a line feed
 *                     .no_exist/COMMIT/FILE         an empty file: the repository has no such file
 *                     trees/COMMIT.json             Python's file list, since version 2
 *                     blobs/HASH.moshivis-part      ours: bytes of a file that is not complete
 *                     blobs/HASH.moshivis-ranges    ours: which of them are there
 *                     .moshivis/COMMIT.json         ours: the file list (Python takes its own to mean "all were fetched")
 * .locks/models--OWNER--NAME/HASH.moshivis.lock     ours: held while a file is being fetched
 * </pre>
 *
 * <p>What else is there is left alone. A snapshot's folder exists before a reference to it does, and a link after its bytes:
 * Python takes anything else for damage.
 */
record CacheLayout(Path cache, ModelName model) {
    static final String PART_SUFFIX = ".moshivis-part";
    static final String RANGES_SUFFIX = ".moshivis-ranges";

    private static final String LISTINGS = ".moshivis";

    Path repository() {
        return cache.resolve(model.folder());
    }

    Path blobs() {
        return repository().resolve("blobs");
    }

    Path blob(ContentHash hash) {
        return blobs().resolve(hash.hex());
    }

    Path part(ContentHash hash) {
        return blobs().resolve(hash.hex() + PART_SUFFIX);
    }

    Path ranges(ContentHash hash) {
        return blobs().resolve(hash.hex() + RANGES_SUFFIX);
    }

    Path lock(ContentHash hash) {
        return cache.resolve(".locks").resolve(model.folder()).resolve(hash.hex() + ".moshivis.lock");
    }

    Path snapshots() {
        return repository().resolve("snapshots");
    }

    Path snapshot(String commit) {
        return snapshots().resolve(commit);
    }

    Path pointer(String commit, String name) {
        return RepoPath.under(snapshot(commit), name);
    }

    Path refs() {
        return repository().resolve("refs");
    }

    Path absent(String commit, String name) {
        return RepoPath.under(repository().resolve(".no_exist").resolve(commit), name);
    }

    Path ownListing(String commit) {
        return repository().resolve(LISTINGS).resolve(commit + ".json");
    }

    Path pythonListing(String commit) {
        return repository().resolve("trees").resolve(commit + ".json");
    }

    /** Returns whether a file, or the target of a link, is complete; a size of -1 is not checked. */
    static boolean isPresent(Path file, long size) throws IOException {
        return Files.isRegularFile(file) && (size < 0 || Files.size(file) == size);
    }

    /** Returns the last known commit of a branch or tag. */
    Optional<String> referenced(String revision) throws IOException {
        if (ModelName.isCommit(revision)) {
            return Optional.of(revision);
        }
        Path ref = RepoPath.under(refs(), revision);
        if (!Files.isRegularFile(ref)) {
            return Optional.empty();
        }
        return Optional.of(readReference(ref)).filter(ModelName::isCommit);
    }

    /** Returns the content of a reference: a commit, or whatever damage left there. */
    static String readReference(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
    }

    /** Stores the commit of a branch or tag. */
    void reference(String revision, String commit) throws IOException {
        if (!referenced(revision).equals(Optional.of(commit))) {
            writeAtomically(RepoPath.under(refs(), revision), commit);
        }
    }

    /** Stores that a repository has no such file. */
    void markAbsent(String commit, String name) throws IOException {
        Path marker = absent(commit, name);
        Files.createDirectories(marker.getParent());
        if (!Files.exists(marker)) {
            writeAtomically(marker, "");
        }
    }

    /**
     * Adds a blob to a snapshot: by a symbolic link; if that is not allowed, by a hard link; if the file system has neither, by a copy.
     */
    void link(ContentHash hash, Path pointer, boolean symbolic) throws IOException {
        Path blob = blob(hash);
        Files.createDirectories(pointer.getParent());
        Path fresh = temporary();
        try {
            if (!(symbolic && symbolicLink(fresh, pointer.getParent().relativize(blob)))) {
                hardLinkOrCopy(fresh, blob);
            }
            Files.move(fresh, pointer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static boolean symbolicLink(Path link, Path target) {
        try {
            Files.createSymbolicLink(link, target);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static void hardLinkOrCopy(Path fresh, Path blob) throws IOException {
        Path bytes = blob.toRealPath();
        try {
            Files.createLink(fresh, bytes);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(bytes, fresh, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Writes a small file so that a reader sees the old content or the new. */
    void writeAtomically(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = temporary();
        try {
            Files.write(fresh, content.getBytes(StandardCharsets.UTF_8));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Not beside its target: Python reads every file in {@code refs} and {@code snapshots}. */
    private Path temporary() throws IOException {
        Path folder = repository().resolve(LISTINGS);
        Files.createDirectories(folder);
        return folder.resolve(UUID.randomUUID() + ".tmp");
    }

    /** Returns the size of a file or of the target of a link; 0 if it does not exist. */
    static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns whether a file in {@code blobs} is what an unfinished download left, ours or Python's. */
    static boolean isUnfinished(Path blob) {
        String name = blob.getFileName().toString();
        return name.endsWith(PART_SUFFIX) || name.endsWith(RANGES_SUFFIX) || name.endsWith(".incomplete");
    }
}

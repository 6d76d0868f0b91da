package io.github.moshivis.hub;

import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.plugin.FileProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Hashes the files of snapshots; one that several share once. One thread's. */
final class CacheVerifier {
    private final CacheLayout layout;
    private final ProgressListener listener;
    private final ListingStore listings;
    private final Map<Path, String> hashes = new HashMap<>();
    private final List<Verification.Problem> problems = new ArrayList<>();
    private int checked;

    CacheVerifier(CacheLayout layout, ProgressListener listener) {
        this.layout = layout;
        this.listener = listener;
        this.listings = new ListingStore(layout);
    }

    Verification verify(List<String> commits) throws IOException {
        for (String commit : commits) {
            Optional<Listing> listing = listings.read(commit);
            for (String file : CacheTree.files(layout.snapshots().resolve(commit))) {
                Optional<String> problem =
                        check(layout.snapshots().resolve(commit).resolve(file), file, listing);
                if (problem.isEmpty()) {
                    checked++;
                } else {
                    problems.add(new Verification.Problem(commit, file, problem.get()));
                }
            }
        }
        return new Verification(checked, problems);
    }

    /** Returns the problem of a file, if there is one. */
    private Optional<String> check(Path pointer, String name, Optional<Listing> listing) throws IOException {
        if (!Files.isRegularFile(pointer)) {
            return Optional.of(
                    "found a link to bytes that are gone, expected a file; remove the revision and fetch it again");
        }
        Optional<ContentHash> expected = expected(pointer, name, listing);
        if (expected.isEmpty()) {
            return Optional.of(
                    "found a file without a record of its hash, expected one; remove the revision and fetch it"
                            + " again to be sure of it");
        }
        String found = hash(pointer, name, expected.get());
        if (found.equals(expected.get().hex())) {
            return Optional.empty();
        }
        return Optional.of("found bytes whose " + expected.get().algorithm() + " is " + found + ", expected "
                + expected.get().hex() + "; remove the revision and fetch it again");
    }

    /** The hash is the name of the blob that a link leads to; of a file that is no link, the list knows it. */
    private static Optional<ContentHash> expected(Path pointer, String name, Optional<Listing> listing)
            throws IOException {
        Optional<ContentHash> listed =
                listing.flatMap(l -> Optional.ofNullable(l.files().get(name))).flatMap(Listing.Entry::hash);
        return Files.isSymbolicLink(pointer)
                ? ContentHash.ofEtag(
                                Files.readSymbolicLink(pointer).getFileName().toString())
                        .or(() -> listed)
                : listed;
    }

    private String hash(Path pointer, String name, ContentHash expected) throws IOException {
        Path bytes = pointer.toRealPath();
        String known = hashes.get(bytes);
        if (known != null) {
            return known;
        }
        try (FileProgress progress = new FileProgress(listener, name, 0, Files.size(bytes))) {
            String hash = expected.of(bytes, progress::advanced);
            progress.succeeded();
            hashes.put(bytes, hash);
            return hash;
        }
    }
}

package io.github.moshivis.hub;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.layout.ModelLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks up a model in the cache, without the network, whichever program downloaded it. */
final class CacheLookup {
    private final CacheLayout layout;
    private final ListingStore listings;

    CacheLookup(CacheLayout layout) {
        this.layout = layout;
        this.listings = new ListingStore(layout);
    }

    /**
     * The result of a lookup.
     *
     * @param result the result, if complete
     * @param missing otherwise, the missing part
     */
    record Found<T>(Optional<T> result, String missing) {
        static <T> Found<T> nothing(String missing) {
            return new Found<>(Optional.empty(), missing);
        }
    }

    /** A lookup at a commit. */
    @FunctionalInterface
    interface InCache<T> {
        Found<T> at(String commit) throws IOException;
    }

    /** Looks up the model as the hub would deliver it: without a chosen format, the best of the repository. */
    Found<Snapshot> find(String commit, Optional<ModelFormat> format) throws IOException {
        Optional<Listing> listing = listings.read(commit);
        return complete(
                commit,
                format,
                listing,
                listing.isPresent() ? listing.get().files().keySet() : present(commit));
    }

    /** Looks up the model offline: without a chosen format, the best complete one. */
    Found<Snapshot> findAny(String commit, Optional<ModelFormat> format) throws IOException {
        Collection<String> present = present(commit);
        List<ModelFormat> candidates = format.map(List::of).orElseGet(() -> ModelLayout.Form.in(present).stream()
                .map(ModelFormat::of)
                .toList());
        Found<Snapshot> found = Found.nothing("weights of commit " + commit);
        Optional<Listing> listing = listings.read(commit);
        Collection<String> names = listing.isPresent() ? listing.get().files().keySet() : present;
        for (ModelFormat candidate : candidates) {
            found = complete(commit, Optional.of(candidate), listing, names);
            if (found.result().isPresent()) {
                return found;
            }
        }
        return found;
    }

    private Found<Snapshot> complete(
            String commit, Optional<ModelFormat> format, Optional<Listing> listing, Collection<String> names)
            throws IOException {
        FileChoice files;
        List<String> needed;
        try {
            String where = layout.snapshot(commit).toString();
            for (String configuration : FileChoice.configurations(names, where)) {
                if (!Files.isRegularFile(layout.pointer(commit, configuration))) {
                    return Found.nothing(configuration);
                }
            }
            files = FileChoice.of(names, format, FileChoice.configured(layout.snapshot(commit), where), where);
            needed = new ArrayList<>(files.files());
            if (files.index().isPresent()) {
                Path index = layout.pointer(commit, files.index().get());
                if (!Files.isRegularFile(index)) {
                    return Found.nothing(files.index().get());
                }
                needed.addAll(FileChoice.shards(index, names, where));
            }
        } catch (HubException e) {
            return Found.nothing("complete model (" + e.getMessage() + ")");
        }
        List<Path> paths = new ArrayList<>();
        for (String name : needed) {
            Path pointer = layout.pointer(commit, name);
            long size = listing.map(l -> l.files().get(name).size()).orElse(-1L);
            if (!CacheLayout.isPresent(pointer, size)) {
                return Found.nothing(name);
            }
            paths.add(pointer);
        }
        Snapshot snapshot =
                new Snapshot(layout.snapshot(commit), commit, layout.pointer(commit, files.weights()), paths);
        return new Found<>(Optional.of(snapshot), "nothing");
    }

    /** Names of the files at the top of a snapshot. */
    private Collection<String> present(String commit) throws IOException {
        Path folder = layout.snapshot(commit);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(RepoPath::isSafe)
                    .toList();
        }
    }
}

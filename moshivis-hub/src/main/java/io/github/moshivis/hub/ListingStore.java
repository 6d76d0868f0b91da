package io.github.moshivis.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** File lists in the cache: the list of a commit never changes. */
final class ListingStore {
    private final ObjectMapper json = new ObjectMapper();
    private final CacheLayout layout;

    ListingStore(CacheLayout layout) {
        this.layout = layout;
    }

    /** Returns the list of a commit written by this library or Python; empty if it is unreadable. */
    Optional<Listing> read(String commit) throws IOException {
        for (Path file : List.of(layout.ownListing(commit), layout.pythonListing(commit))) {
            if (!Files.isRegularFile(file)) {
                continue;
            }
            try {
                Optional<Listing> listing = Listing.ofTree(commit, json.readTree(Files.readAllBytes(file)));
                if (listing.isPresent()) {
                    return listing;
                }
            } catch (JsonProcessingException e) {
                System.getLogger(ListingStore.class.getName())
                        .log(System.Logger.Level.WARNING, "Ignored a damaged file list: " + file);
            }
        }
        return Optional.empty();
    }

    void write(Listing listing) throws IOException {
        Path file = layout.ownListing(listing.commit());
        if (!Files.isRegularFile(file)) {
            layout.writeAtomically(file, json.writeValueAsString(listing.toTree(json)));
        }
    }
}

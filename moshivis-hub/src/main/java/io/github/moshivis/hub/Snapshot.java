package io.github.moshivis.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * A model's files on this machine.
 *
 * @param directory the folder that holds them, part of the cache: not to be written to
 * @param commit the commit that they are of
 * @param weights the language model's file, or the index of its shards: what {@code MoshiVis.load} takes, as the folder may hold
 *     other formats too
 * @param files all files that the model needs; the folder may hold others
 */
public record Snapshot(Path directory, String commit, Path weights, List<Path> files) {
    /**
     * Creates a snapshot.
     *
     * @param directory the folder
     * @param commit the commit
     * @param weights the language model's file
     * @param files the files, which are copied
     */
    public Snapshot {
        files = List.copyOf(files);
    }
}

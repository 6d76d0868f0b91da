package io.github.moshivis.hub;

import java.nio.file.Path;
import java.util.List;

/**
 * The content of a cache for one repository, whichever program fetched it.
 *
 * @param model the repository, without a revision
 * @param directory its folder
 * @param revisions the commits that are there, in whole or in part
 * @param bytes disk space of the folder, including incomplete files
 * @param partialBytes part of it of unfinished downloads
 */
public record CachedModel(
        ModelName model, Path directory, List<CachedRevision> revisions, long bytes, long partialBytes) {
    /**
     * Creates a description.
     *
     * @param model the repository
     * @param directory its folder
     * @param revisions its commits, which are copied
     * @param bytes what it takes on the disk
     * @param partialBytes what is unfinished of that
     */
    public CachedModel {
        revisions = List.copyOf(revisions);
    }

    /**
     * One commit of a cached repository.
     *
     * @param commit 40 hexadecimal digits
     * @param references the branches and tags that had this commit when they were last asked for
     * @param files names of the files that are there
     * @param bytes what they hold together; revisions may share it
     */
    public record CachedRevision(String commit, List<String> references, List<String> files, long bytes) {
        /**
         * Creates a description.
         *
         * @param commit the commit
         * @param references its branches and tags, which are copied
         * @param files its files, which are copied
         * @param bytes what they hold
         */
        public CachedRevision {
            references = List.copyOf(references);
            files = List.copyOf(files);
        }
    }
}

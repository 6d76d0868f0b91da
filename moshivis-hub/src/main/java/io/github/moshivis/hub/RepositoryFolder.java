package io.github.moshivis.hub;

import java.util.Optional;

/**
 * A folder of a repository: {@code owner/name/FOLDER} or {@code owner/name/FOLDER@revision}; without a folder, the repository's top.
 *
 * @param repository the repository and its revision
 * @param folder the folder, with {@code /} between its parts; empty for the top
 */
record RepositoryFolder(ModelName repository, String folder) {
    /**
     * Reads a name.
     *
     * @param text the folder's name
     * @param revision a branch, tag or commit; empty for the text's, or the default
     * @throws IllegalArgumentException if the text is of another form, or there are two revisions
     */
    static RepositoryFolder parse(String text, Optional<String> revision) {
        int at = text.indexOf('@');
        String path = at < 0 ? text : text.substring(0, at);
        int end = path.indexOf('/', path.indexOf('/') + 1); // of owner/name
        if (end < 0) {
            return new RepositoryFolder(ModelName.parse(text, revision), "");
        }
        String folder = path.substring(end + 1);
        if (!RepoPath.isSafe(folder)) {
            throw new IllegalArgumentException("Cannot use " + RepoPath.printable(text)
                    + " as a folder of a repository: found the folder " + RepoPath.printable(folder)
                    + ", expected names without '..', joined by '/', such as"
                    + " owner/name/checkpoints/checkpoint_000100/consolidated");
        }
        String repository = path.substring(0, end) + (at < 0 ? "" : text.substring(at));
        return new RepositoryFolder(ModelName.parse(repository, revision), folder);
    }

    /** Returns whether {@link #parse} accepts a text. */
    static boolean isFolderName(String text) {
        try {
            parse(text, Optional.empty());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The name in the repository of a file in the folder. */
    String file(String name) {
        return folder.isEmpty() ? name : folder + "/" + name;
    }
}

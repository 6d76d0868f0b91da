package io.github.moshivis.plugin;

import io.github.moshivis.io.ProgressListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Turns a model's name into files on this machine. Implementations have a public constructor without arguments, are registered
 * under {@code META-INF/services}, and may be called from several threads at once.
 */
public interface ModelRepository {
    /**
     * Returns whether a name is of the form that this repository understands; no network is used.
     *
     * @param name the name given to {@code MoshiVis.load}
     * @return true if {@link #fetch} can be asked for it
     */
    boolean accepts(String name);

    /**
     * Returns whether a name is that of a repository or of a folder in one; no network is used.
     *
     * @param name the name given to {@code LoadOptions.adapter}
     * @return true if {@link #fetchFiles} can be asked for it
     */
    boolean acceptsFolder(String name);

    /**
     * Makes the files that a model needs present, fetching those that are not.
     *
     * @param request what to fetch
     * @return the language model's file, with the others beside it; nothing there is to be written to
     * @throws io.github.moshivis.errors.HubException if they cannot be had
     * @throws IllegalArgumentException if the name is malformed
     */
    Path fetch(Request request);

    /**
     * Makes named files of a repository's folder present, fetching those that are not.
     *
     * @param request the repository, or a folder in it
     * @param files names of files in that folder, at least one
     * @return their directory; nothing there is to be written to
     * @throws io.github.moshivis.errors.HubException if one cannot be had
     * @throws IllegalArgumentException if the name is malformed
     */
    Path fetchFiles(Request request, List<String> files);

    /**
     * A request for the files of a model.
     *
     * @param name the model's name, such as {@code owner/name}; for {@link #fetchFiles} also a folder's, {@code owner/name/folder}
     * @param revision a branch, tag or commit; empty for the default
     * @param token the access token; empty to look in the usual places
     * @param progress hears of each file
     */
    record Request(String name, Optional<String> revision, Optional<String> token, ProgressListener progress) {
        @Override
        public String toString() {
            return "Request[name=" + name + ", revision=" + revision + ", token="
                    + (token.isPresent() ? "given" : "none") + "]";
        }
    }
}

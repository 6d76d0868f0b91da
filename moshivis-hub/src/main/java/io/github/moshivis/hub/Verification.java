package io.github.moshivis.hub;

import java.util.List;

/**
 * Result of hashing cached files.
 *
 * @param checked number of correct files
 * @param problems the files that are not
 */
public record Verification(int checked, List<Problem> problems) {
    /**
     * Creates a result.
     *
     * @param checked how many files are right
     * @param problems the files that are not, which are copied
     */
    public Verification {
        problems = List.copyOf(problems);
    }

    /**
     * A wrong file.
     *
     * @param commit the commit that it belongs to
     * @param file its name
     * @param message what was found, what was expected, what to do
     */
    public record Problem(String commit, String file, String message) {}
}

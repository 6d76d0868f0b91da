package io.github.moshivis.hub;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model on a hub: {@code owner/name} or {@code owner/name@revision}.
 *
 * @param owner user or organization
 * @param name the repository's name
 * @param revision a branch, tag or commit; empty for the branch {@code main}
 */
public record ModelName(String owner, String name, Optional<String> revision) {
    /** The hub's default branch. */
    static final String DEFAULT_REVISION = "main";

    /** The hub's rule for owner and name, as in {@code huggingface_hub}. */
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?");

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** Characters that git forbids in a reference, beyond those that {@link RepoPath} forbids. */
    private static final Pattern NOT_IN_A_REVISION = Pattern.compile("[\\s~^\\[]|@\\{|\\.\\.");

    /**
     * Creates a name.
     *
     * @param owner user or organization
     * @param name the repository's name
     * @param revision a branch, tag or commit
     * @throws IllegalArgumentException if a part is malformed
     */
    public ModelName {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(revision, "revision");
        if (!isPart(owner) || !isPart(name) || name.endsWith(".git")) {
            throw new IllegalArgumentException("Cannot use " + RepoPath.printable(owner + "/" + name)
                    + " as a model's name: expected owner/name of letters, digits, '-', '_' and '.', such as"
                    + " kyutai/moshika-vis-pytorch-bf16");
        }
        if (revision.isPresent() && !isRevision(revision.get())) {
            throw new IllegalArgumentException("Cannot use " + RepoPath.printable(revision.get()) + " as a revision of "
                    + owner + "/" + name + ": expected a branch, a tag, or a commit of 40 hexadecimal digits");
        }
    }

    /**
     * Reads a name.
     *
     * @param text {@code owner/name} or {@code owner/name@revision}
     * @return the name
     * @throws IllegalArgumentException if the text is of another form
     */
    public static ModelName parse(String text) {
        Objects.requireNonNull(text, "text");
        int at = text.indexOf('@');
        String repository = at < 0 ? text : text.substring(0, at);
        int slash = repository.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("Cannot use " + RepoPath.printable(text)
                    + " as a model's name: expected owner/name or owner/name@revision");
        }
        return new ModelName(
                repository.substring(0, slash),
                repository.substring(slash + 1),
                at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1)));
    }

    /**
     * Reads a name whose revision may be given apart.
     *
     * @param text {@code owner/name} or {@code owner/name@revision}
     * @param revision a branch, tag or commit; empty for the text's, or the default
     * @return the name
     * @throws IllegalArgumentException if the text is of another form, or there are two revisions
     */
    public static ModelName parse(String text, Optional<String> revision) {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(revision, "revision");
        ModelName name = parse(text);
        if (revision.isPresent() && name.revision().isPresent() && !revision.equals(name.revision())) {
            throw new IllegalArgumentException("Cannot use " + name + " at the revision "
                    + RepoPath.printable(revision.get()) + ": found two revisions, expected one; give it in one place");
        }
        return revision.map(name::revision).orElse(name);
    }

    /**
     * Returns whether {@link #parse(String)} accepts a text.
     *
     * @param text any text
     * @return true for {@code owner/name} and {@code owner/name@revision}
     */
    public static boolean isModelName(String text) {
        Objects.requireNonNull(text, "text");
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Sets the revision.
     *
     * @param newRevision a branch, tag or commit
     * @return the name with that revision
     */
    public ModelName revision(String newRevision) {
        Objects.requireNonNull(newRevision, "revision");
        return new ModelName(owner, name, Optional.of(newRevision));
    }

    /**
     * Returns the repository without its revision.
     *
     * @return {@code owner/name}
     */
    public String repository() {
        return owner + "/" + name;
    }

    String revisionOrDefault() {
        return revision.orElse(DEFAULT_REVISION);
    }

    /** The repository's folder in the cache. */
    String folder() {
        return "models--" + owner + "--" + name;
    }

    /** Returns whether a revision is a full commit, which never changes. */
    static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }

    private static boolean isPart(String part) {
        return PART.matcher(part).matches() && !part.contains("--") && !part.contains("..");
    }

    private static boolean isRevision(String revision) {
        return RepoPath.isSafe(revision) && !NOT_IN_A_REVISION.matcher(revision).find();
    }

    /** {@code owner/name}, and {@code @revision} if there is one. */
    @Override
    public String toString() {
        return repository() + revision.map(r -> "@" + r).orElse("");
    }
}

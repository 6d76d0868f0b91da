package io.github.moshivis.errors;

import java.util.Objects;

/**
 * A fact about the environment that a diagnosis reports.
 *
 * @param kind its meaning for the host
 * @param subject the part of the environment, in a few words
 * @param text one line for people
 */
public record Finding(Kind kind, String subject, String text) {
    /**
     * Checks that nothing is missing.
     *
     * @param kind see above
     * @param subject see above
     * @param text see above
     */
    public Finding {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(text, "text");
    }

    /** Meanings of findings. */
    public enum Kind {
        /** The state of a part: a version, a limit, a choice. */
        FACT,
        /** A part that cannot be used, with the reason. */
        FAILURE,
        /** A part with a known vulnerability, with the remedy. */
        VULNERABILITY
    }

    /**
     * A fact.
     *
     * @param subject the part of the environment
     * @param text its state
     * @return the finding
     */
    public static Finding fact(String subject, String text) {
        return new Finding(Kind.FACT, subject, text);
    }

    /**
     * A failure.
     *
     * @param subject the part of the environment
     * @param text the reason
     * @return the finding
     */
    public static Finding failure(String subject, String text) {
        return new Finding(Kind.FAILURE, subject, text);
    }

    /**
     * The finding as a line of a report.
     *
     * @return the subject, a colon, and the text in a column
     */
    @Override
    public String toString() {
        return String.format("%-21s %s", subject + ":", text);
    }
}

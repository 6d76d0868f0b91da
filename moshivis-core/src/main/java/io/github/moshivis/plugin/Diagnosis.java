package io.github.moshivis.plugin;

/** A module's report on its own state: a line of {@code MoshiVis.diagnose()}. */
public interface Diagnosis {
    /**
     * Returns the subject of the report.
     *
     * @return one or two words
     */
    String subject();

    /**
     * Returns the parts that are present, and the reason why others are not.
     *
     * @return one line
     */
    String finding();
}

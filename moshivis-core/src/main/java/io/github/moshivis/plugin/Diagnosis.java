package io.github.moshivis.plugin;

/** What a module can say of itself when something does not work: a line of {@code MoshiVis.diagnose()}. */
public interface Diagnosis {
    /**
     * What it is about.
     *
     * @return one or two words
     */
    String subject();

    /**
     * What is there, and why something is not.
     *
     * @return one line
     */
    String finding();
}

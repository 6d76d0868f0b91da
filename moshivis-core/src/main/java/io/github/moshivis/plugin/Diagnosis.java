package io.github.moshivis.plugin;

import io.github.moshivis.errors.Finding;

/** A module's report on its own state, for {@code MoshiVis.findings()}. */
public interface Diagnosis {
    /**
     * Returns the part that is present, or the reason why none is.
     *
     * @return the finding, of one or two words and one line
     */
    Finding finding();
}

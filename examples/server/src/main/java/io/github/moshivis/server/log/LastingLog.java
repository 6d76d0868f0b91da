package io.github.moshivis.server.log;

import java.util.logging.LogManager;

/**
 * A log that is still there while the program stops, when the standard one has closed already. Chosen by a system property, before anything
 * of Java's logging is touched, this class included.
 */
public final class LastingLog extends LogManager {
    /** Creates the manager; called by Java. */
    public LastingLog() {}

    /** Called by Java when the program begins to stop. The handler on the standard error holds nothing back, so nothing is lost. */
    @Override
    public void reset() {}
}

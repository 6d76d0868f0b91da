package io.github.moshivis.server.log;

import java.util.logging.LogManager;

/**
 * Log manager that still works during shutdown, after the standard one has closed. Set by a system property before any use of Java's
 * logging, this class included.
 */
public final class LastingLog extends LogManager {
    /** Creates the manager; called by Java. */
    public LastingLog() {}

    /** Called by Java at shutdown; does nothing. The handler on standard error does not buffer, so nothing is lost. */
    @Override
    public void reset() {}
}

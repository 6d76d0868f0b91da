package io.github.moshivis.examples.server.log;

import java.util.logging.LogManager;

/** A log that is still there while the program stops, when the standard one has closed already. */
public final class LastingLog extends LogManager {
    private static final String PROPERTY = "java.util.logging.manager";

    /** Creates the manager; called by Java. */
    public LastingLog() {}

    /** Has Java use this one, unless the user has chosen another. To be called before anything is logged. */
    public static void install() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, LastingLog.class.getName());
        }
    }

    /** Called by Java when the program begins to stop. The handler on the standard error holds nothing back, so nothing is lost. */
    @Override
    public void reset() {}
}

package io.github.moshivis.cli;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Log of the command line: warnings, one line each, on standard error. */
final class Logging {
    /** Property of a user's own logging configuration, which is not changed. */
    private static final String USER_SETTINGS = "java.util.logging.config.file";

    private Logging() {}

    /**
     * Configures the log.
     *
     * @param verbose whether to include informational messages
     */
    static void configure(boolean verbose) {
        if (System.getProperty(USER_SETTINGS) != null) {
            return;
        }
        Logger root = Logger.getLogger("");
        root.setLevel(verbose ? Level.INFO : Level.WARNING);
        for (Handler handler : root.getHandlers()) {
            handler.setFormatter(new OneLine());
        }
    }

    private static final class OneLine extends Formatter {
        @Override
        public String format(LogRecord logged) {
            Throwable thrown = logged.getThrown();
            String message = formatMessage(logged) + (thrown == null ? "" : " (" + thrown + ")");
            return "moshivis: " + logged.getLevel() + ": " + TerminalWriter.line(message) + System.lineSeparator();
        }
    }
}

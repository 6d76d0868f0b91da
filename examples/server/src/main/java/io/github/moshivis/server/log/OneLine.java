package io.github.moshivis.server.log;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The form of the program's log on the standard error: time, level, and what was said, in one line; a failure's stack after it. */
public final class OneLine extends Formatter {
    /** The property in which Java looks for a user's own settings; they are left alone. */
    private static final String USER_SETTINGS = "java.util.logging.config.file";

    /** Held, as loggers that nobody holds forget their level. */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    /** Sets the log up, unless the user has. */
    public static void configure() {
        if (System.getProperty(USER_SETTINGS) != null) {
            return;
        }
        JETTY.setLevel(Level.WARNING);
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handler.setFormatter(new OneLine());
        }
    }

    @Override
    public String format(LogRecord logged) {
        StringBuilder text = new StringBuilder()
                .append(Instant.ofEpochMilli(logged.getMillis()).truncatedTo(ChronoUnit.MILLIS))
                .append(' ')
                .append(logged.getLevel())
                .append(' ')
                .append(formatMessage(logged));
        for (Throwable cause = logged.getThrown(); cause != null; cause = cause.getCause()) {
            text.append(System.lineSeparator()).append("    ").append(cause);
            for (StackTraceElement frame : cause.getStackTrace()) {
                text.append(System.lineSeparator()).append("        at ").append(frame);
            }
        }
        return text.append(System.lineSeparator()).toString();
    }
}

package io.github.moshivis.server.log;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Format of the log on standard error: time, level and message in one line, followed by a stack trace if there is one. */
public final class OneLine extends Formatter {
    /** Property of a user's own logging configuration, which is not changed. */
    private static final String USER_SETTINGS = "java.util.logging.config.file";

    /** Strong reference: a collected logger loses its level. */
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    /**
     * Jetty's readers of headers warn of each malformed Host header and of two of them, in a line as long as the header. The caller gets
     * status 400.
     */
    private static final List<Logger> JETTY_HEADERS = List.of(
            Logger.getLogger("org.eclipse.jetty.util.HostPort"), Logger.getLogger("org.eclipse.jetty.http.HttpParser"));

    /** Configures the log, unless the user has. */
    public static void configure() {
        if (System.getProperty(USER_SETTINGS) != null) {
            return;
        }
        JETTY.setLevel(Level.WARNING);
        JETTY_HEADERS.forEach(logger -> logger.setLevel(Level.OFF));
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
                .append(plain(formatMessage(logged)));
        for (Throwable cause = logged.getThrown(); cause != null; cause = cause.getCause()) {
            text.append(System.lineSeparator()).append("    ").append(plain(cause.toString()));
            for (StackTraceElement frame : cause.getStackTrace()) {
                text.append(System.lineSeparator()).append("        at ").append(frame);
            }
        }
        return text.append(System.lineSeparator()).toString();
    }

    /** Text without control characters, such as line breaks: it may be a caller's. */
    private static String plain(String text) {
        return text.replaceAll(Events.INVISIBLE, "?");
    }
}

package io.github.moshivis.plugin;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Questions to objects of the host that may throw as well: what they are called, and what they threw. */
public final class HostCode {
    private HostCode() {}

    /**
     * Returns the message of a failure.
     *
     * @param failure what the host's code threw
     * @return its message, or the name of its class if it has none or throws
     */
    public static String message(Throwable failure) {
        try {
            String message = failure.getMessage();
            return message == null ? failure.getClass().getName() : message;
        } catch (Throwable e) { // the failure must be told nevertheless
            return failure.getClass().getName();
        }
    }

    /**
     * Returns the name of an object for messages.
     *
     * @param object an object of the host
     * @return its text, or the name of its class if it has none or throws
     */
    public static String name(Object object) {
        try {
            String name = object.toString();
            return name == null ? object.getClass().getName() : name;
        } catch (Throwable e) { // whoever asks only wants a name
            return object.getClass().getName();
        }
    }

    /**
     * Closes an object of the host. Never throws; a failure is logged.
     *
     * @param log the log
     * @param object to be closed
     * @param what what it is, with its article
     */
    public static void close(Logger log, AutoCloseable object, String what) {
        try {
            object.close();
        } catch (Throwable e) { // an Error too: what has to follow must follow
            warn(log, what + " could not be closed", e);
        }
    }

    /**
     * Logs a failure of the host's code as a warning. Never throws, although the failure or the log's handler may.
     *
     * @param log the log
     * @param what what failed
     * @param failure what was thrown
     */
    public static void warn(Logger log, String what, Throwable failure) {
        try {
            log.log(Level.WARNING, what, failure);
        } catch (Throwable e) { // it cannot be printed, or the handler fails: what has to follow must follow
            warnBriefly(log, what + ": " + failure.getClass().getName());
        }
    }

    private static void warnBriefly(Logger log, String message) {
        try {
            log.log(Level.WARNING, message);
        } catch (Throwable e) { // nobody is there to be told
            return;
        }
    }
}

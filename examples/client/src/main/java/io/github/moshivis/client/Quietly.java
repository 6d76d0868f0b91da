package io.github.moshivis.client;

import java.lang.System.Logger.Level;

/** Closes resources and logs failures, so that others are closed too. */
final class Quietly {
    private Quietly() {}

    static void close(AutoCloseable closeable, String what) {
        try {
            closeable.close();
        } catch (Throwable e) {
            warn("The " + what + " of a conversation could not be closed", e);
        }
    }

    /** Returns the message of a failure of the host's code, or the name of its class if it has none or throws. */
    static String message(Throwable failure) {
        try {
            String message = failure.getMessage();
            return message == null ? failure.getClass().getName() : message;
        } catch (Throwable e) { // the failure must be told nevertheless
            return failure.getClass().getName();
        }
    }

    /** Returns the text of an object of the host, or the name of its class if it has none or throws. */
    static String name(Object object) {
        try {
            String name = object.toString();
            return name == null ? object.getClass().getName() : name;
        } catch (Throwable e) { // only a name is wanted
            return object.getClass().getName();
        }
    }

    /** Logs a failure of the host's code, which may be unable to print itself. */
    static void warn(String what, Throwable failure) {
        System.Logger log = System.getLogger(Quietly.class.getName());
        try {
            log.log(Level.WARNING, what, failure);
        } catch (Throwable e) {
            warnBriefly(log, what + ": " + failure.getClass().getName());
        }
    }

    private static void warnBriefly(System.Logger log, String message) {
        try {
            log.log(Level.WARNING, message);
        } catch (Throwable e) { // the log's handler fails
            return;
        }
    }
}

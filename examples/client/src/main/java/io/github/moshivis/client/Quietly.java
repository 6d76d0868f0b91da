package io.github.moshivis.client;

import java.lang.System.Logger.Level;

/** Closes resources and logs failures, so that others are closed too. */
final class Quietly {
    private Quietly() {}

    static void close(AutoCloseable closeable, String what) {
        try {
            closeable.close();
        } catch (Throwable e) {
            System.getLogger(Quietly.class.getName())
                    .log(Level.WARNING, "The " + what + " of a conversation could not be closed", e);
        }
    }
}

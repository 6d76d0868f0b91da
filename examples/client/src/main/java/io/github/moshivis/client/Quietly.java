package io.github.moshivis.client;

import java.lang.System.Logger.Level;

/** Closes what must not stop others from being closed. */
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

package io.github.moshivis.server.chat;

import java.util.Locale;

/** Why the server ends a connection, with the code of RFC 6455, section 7.4.1, that it closes with. */
enum Farewell {
    /** The talk is over. */
    FINISHED(1000),
    /** The server stops. */
    STOPPING(1001),
    /** A message that the protocol does not have. */
    PROTOCOL(1003),
    /** The caller was silent for too long, or reads too slowly. */
    TIMEOUT(1008),
    /** What the caller sent is no sound. */
    BAD_MEDIA(1008),
    /** A message is larger than allowed. */
    TOO_LARGE(1009),
    /** Something here broke. */
    FAILURE(1011),
    /** There is no room now. */
    BUSY(1013);

    private final int code;

    Farewell(int code) {
        this.code = code;
    }

    /** The WebSocket's close code. */
    int code() {
        return code;
    }

    /** The name in logs and metrics. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

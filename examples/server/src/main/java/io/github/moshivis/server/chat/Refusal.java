package io.github.moshivis.server.chat;

import java.util.Locale;

/** Reasons for refusing a connection before its upgrade, with the HTTP status of the answer. */
enum Refusal {
    /** The query cannot be read. */
    BAD_QUERY(400),
    /** No token or a wrong token. */
    TOKEN(401),
    /** A page of another origin. */
    ORIGIN(403),
    /** Too many connections from one address in a short time. */
    RATE(429),
    /** Too many connections. */
    FULL(503),
    /** The model is not loaded yet. */
    NOT_READY(503),
    /** The server stops. */
    STOPPING(503);

    private final int status;

    Refusal(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    /** The name in logs and metrics. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

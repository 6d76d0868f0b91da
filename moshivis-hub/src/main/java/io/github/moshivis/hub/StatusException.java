package io.github.moshivis.hub;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** A server's answer that may be another one if asked again: too many requests, or a fault on its side. */
final class StatusException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Request timeout, too early, too many requests. */
    private static final int[] TRANSIENT = {408, 425, 429};

    private static final int TOO_MANY_REQUESTS = 429;

    private final transient Optional<Duration> retryAfter;
    private final int status;

    StatusException(HttpResponse<?> response) {
        this(response, response.headers().firstValue("Retry-After").flatMap(StatusException::parse));
    }

    private StatusException(HttpResponse<?> response, Optional<Duration> retryAfter) {
        super("the server answered " + response.statusCode() + " to " + HubHttp.printable(response.uri())
                + retryAfter
                        .filter(wait -> !wait.isZero())
                        .map(wait -> " and asks for a wait of " + wait.toSeconds() + " seconds")
                        .orElse(""));
        this.status = response.statusCode();
        this.retryAfter = retryAfter;
    }

    /** Tells whether the server found too many requests. */
    boolean isTooMany() {
        return status == TOO_MANY_REQUESTS;
    }

    static boolean isTransient(int status) {
        for (int each : TRANSIENT) {
            if (status == each) {
                return true;
            }
        }
        return status >= 500 && status < 600;
    }

    /** Returns the delay that the failing server asked for. */
    static Optional<Duration> retryAfter(IOException failure) {
        return failure instanceof StatusException status ? status.retryAfter : Optional.empty();
    }

    /** Seconds, or a date. */
    private static Optional<Duration> parse(String header) {
        String text = header.strip();
        if (text.matches("[0-9]{1,15}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Duration until = Duration.between(
                    ZonedDateTime.now(), ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
            return Optional.of(until.isNegative() ? Duration.ZERO : until);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}

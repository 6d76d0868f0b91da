package io.github.moshivis.hub;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's answer that may be another one if asked again: too many requests, or a fault on its side. */
final class StatusException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Request timeout, too early, too many requests. */
    private static final int[] TRANSIENT = {408, 425, 429};

    private static final int TOO_MANY_REQUESTS = 429;

    private final transient Optional<Duration> retryAfter;
    private final int status;

    /** An answer that is no transient one may be due to an address that has expired, once. */
    private static final int ATTEMPTS = 3;

    /** Seconds until requests are allowed again, in the header of IETF's draft that the hub sends: {@code "api";r=0;t=55}. */
    private static final Pattern RESET = Pattern.compile(".*;\\s*t=(\\d{1,15}).*");

    StatusException(HttpResponse<?> response) {
        this(
                response,
                response.headers()
                        .firstValue("Retry-After")
                        .flatMap(StatusException::parse)
                        .or(() -> response.headers().firstValue("RateLimit").flatMap(StatusException::reset)));
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

    /** Number of attempts that make sense. */
    int maxAttempts() {
        return isTransient(status) ? Integer.MAX_VALUE : ATTEMPTS;
    }

    private static Optional<Duration> reset(String header) {
        Matcher found = RESET.matcher(header);
        return found.matches() ? Optional.of(Duration.ofSeconds(Long.parseLong(found.group(1)))) : Optional.empty();
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

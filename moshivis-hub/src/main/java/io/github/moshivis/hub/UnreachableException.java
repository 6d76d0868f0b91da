package io.github.moshivis.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;

/** A host did not answer: the message names it, because storage hosts differ from the hub. */
final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    /** A name that cannot be resolved, or a host that takes no connection, will hardly do so a moment later. */
    private static final int ATTEMPTS_TO_RESOLVE = 2;

    private static final int ATTEMPTS_TO_CONNECT = 3;

    private final String host;
    private final int maxAttempts;

    UnreachableException(URI uri, IOException cause) {
        super(uri.getHost() + ": " + reason(cause), cause);
        this.host = uri.getScheme() + "://" + uri.getRawAuthority();
        this.maxAttempts = isUnresolved(cause)
                ? ATTEMPTS_TO_RESOLVE
                : cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
                        ? ATTEMPTS_TO_CONNECT
                        : Integer.MAX_VALUE;
    }

    /** Scheme, name and port of the host. */
    String host() {
        return host;
    }

    /** Number of attempts that make sense. */
    int maxAttempts() {
        return maxAttempts;
    }

    private static String reason(IOException cause) {
        if (isUnresolved(cause)) {
            return "the name cannot be resolved";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static boolean isUnresolved(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }
}

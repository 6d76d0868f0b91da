package io.github.moshivis.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** A host did not answer, or its proxy did not: the message names it, because storage hosts differ from the hub. */
final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    /** A name that cannot be resolved will hardly be resolved a moment later. */
    private static final int ATTEMPTS_TO_RESOLVE = 2;

    /** Nor will a host take a connection, or a proxy let one through. */
    private static final int ATTEMPTS_TO_CONNECT = 3;

    /** Of a proxy's refusal in the JDK's client, before its status. */
    private static final String TUNNEL = "Tunnel failed";

    private final String host;
    private final transient Optional<Proxy> proxy;
    private final int maxAttempts;

    UnreachableException(URI uri, Optional<Proxy> proxy, IOException cause) {
        super(
                proxy.filter(used -> used.type() == Proxy.Type.HTTP)
                                .map(used -> "by way of the proxy " + name(used))
                                .orElse(uri.getHost())
                        + ": " + reason(cause),
                cause);
        this.host = HubHttp.origin(uri);
        this.proxy = proxy;
        this.maxAttempts = isUnresolved(cause)
                ? ATTEMPTS_TO_RESOLVE
                : cause instanceof ConnectException
                                || cause instanceof HttpConnectTimeoutException
                                || cause instanceof SSLException
                                || isOfTunnel(cause)
                        ? ATTEMPTS_TO_CONNECT
                        : Integer.MAX_VALUE;
    }

    /** Scheme, name and port of the host. */
    String host() {
        return host;
    }

    /** The proxy that is set for the host; one for SOCKS is not used. */
    Optional<Proxy> proxy() {
        return proxy;
    }

    /** Number of attempts that make sense. */
    int maxAttempts() {
        return maxAttempts;
    }

    /** Name and port of a proxy. */
    static String name(Proxy proxy) {
        return proxy.address() instanceof InetSocketAddress address
                ? address.getHostString() + ":" + address.getPort()
                : String.valueOf(proxy.address());
    }

    private static String reason(IOException cause) {
        if (isUnresolved(cause)) {
            return "the name cannot be resolved";
        }
        if (isOfTunnel(cause)) {
            return "it refuses to connect (" + cause.getMessage() + ")";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static boolean isOfTunnel(IOException cause) {
        return cause.getMessage() != null && cause.getMessage().startsWith(TUNNEL);
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

package io.github.moshivis.hub;

import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Passwords of proxies. The JDK's client is not given an authenticator, because it then leaves out the header with the hub's token.
 */
final class ProxyPassword {
    /** Removed by the JDK's client from requests that reach a host, with or without a proxy. */
    static final String HEADER = "Proxy-Authorization";

    private ProxyPassword() {}

    /** Returns a header's value from the proxy's variable, else from the JVM's authenticator; empty if neither knows the proxy. */
    static Optional<String> of(Proxy proxy, ProxySelector proxies) {
        InetSocketAddress address = (InetSocketAddress) proxy.address();
        return ofVariable(proxies, address)
                .or(() -> Optional.ofNullable(Authenticator.requestPasswordAuthentication(
                        address.getHostString(),
                        address.getAddress(),
                        address.getPort(),
                        "http",
                        "",
                        "Basic",
                        null,
                        Authenticator.RequestorType.PROXY)))
                .map(ProxyPassword::basic);
    }

    private static Optional<PasswordAuthentication> ofVariable(ProxySelector proxies, InetSocketAddress address) {
        return proxies instanceof ProxyVariables variables ? variables.password(address) : Optional.empty();
    }

    private static String basic(PasswordAuthentication password) {
        String pair = password.getUserName() + ":" + new String(password.getPassword());
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}

package io.github.moshivis.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Proxies of the environment, as command-line tools read them: {@code HTTPS_PROXY}, {@code http_proxy} and {@code ALL_PROXY}, but not for the
 * hosts of {@code NO_PROXY}. What the JVM's own settings say ({@code https.proxyHost}) goes before them.
 */
final class ProxyVariables extends ProxySelector {
    private static final List<Proxy> NONE = List.of(Proxy.NO_PROXY);

    private final Map<String, String> environment;

    ProxyVariables(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public List<Proxy> select(URI uri) {
        ProxySelector ofJvm = ProxySelector.getDefault();
        List<Proxy> chosen = ofJvm == null ? NONE : ofJvm.select(uri);
        if (chosen.stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT)) {
            return chosen;
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        return variable(scheme + "_proxy")
                .or(() -> variable("all_proxy"))
                .filter(proxy -> !isExcluded(uri.getHost().toLowerCase(Locale.ROOT)))
                .flatMap(ProxyVariables::proxy)
                .map(List::of)
                .orElse(NONE);
    }

    /** A variable in lower or upper case; plain HTTP in lower case only, as servers hand HTTP_PROXY on from requests. */
    private Optional<String> variable(String name) {
        String upper = name.equals("http_proxy") ? name : name.toUpperCase(Locale.ROOT);
        return Optional.ofNullable(environment.getOrDefault(name, environment.get(upper)))
                .filter(value -> !value.isBlank());
    }

    private boolean isExcluded(String host) {
        for (String pattern : variable("no_proxy").orElse("").split(",")) {
            String name = pattern.strip()
                    .toLowerCase(Locale.ROOT)
                    .replaceFirst(":\\d+$", "")
                    .replaceFirst("^\\*?\\.", "");
            boolean all = pattern.strip().equals("*");
            if (all || !name.isEmpty() && (host.equals(name) || host.endsWith("." + name))) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Proxy> proxy(String address) {
        try {
            URI uri = URI.create(address.contains("://") ? address : "http://" + address);
            if (uri.getHost() == null) {
                return Optional.empty();
            }
            boolean socks = uri.getScheme().startsWith("socks");
            int port = uri.getPort() >= 0 ? uri.getPort() : socks ? 1080 : 80;
            Proxy.Type type = socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP;
            return Optional.of(new Proxy(type, InetSocketAddress.createUnresolved(uri.getHost(), port)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no address; the connection will say what fails
        }
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        ProxySelector ofJvm = ProxySelector.getDefault();
        if (ofJvm != null) {
            ofJvm.connectFailed(uri, address, failure);
        }
    }
}

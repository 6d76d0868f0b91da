package io.github.moshivis.hub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
        return variable(uri.getScheme().toLowerCase(Locale.ROOT) + "_proxy")
                .or(() -> variable("all_proxy"))
                .filter(proxy -> !isExcluded(uri))
                .flatMap(ProxyVariables::address)
                .map(ProxyVariables::proxy)
                .map(List::of)
                .orElse(NONE);
    }

    /** A variable in lower or upper case; plain HTTP in lower case only, as servers hand HTTP_PROXY on from requests. */
    private Optional<String> variable(String name) {
        String upper = name.equals("http_proxy") ? name : name.toUpperCase(Locale.ROOT);
        return Optional.ofNullable(environment.getOrDefault(name, environment.get(upper)))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    private boolean isExcluded(URI uri) {
        String host = plain(uri.getHost());
        for (String part : variable("no_proxy").orElse("").split("[,\\s]+")) {
            String pattern = part.toLowerCase(Locale.ROOT);
            if (pattern.contains("/") ? isInNetwork(host, pattern) : isNamed(uri, host, pattern)) {
                return true;
            }
        }
        return false;
    }

    private static String plain(String host) {
        return host.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "").replaceFirst("\\.$", "");
    }

    /** A name with all names below it, an address, or everything; perhaps with a port. */
    private static boolean isNamed(URI uri, String host, String pattern) {
        boolean isAddress = pattern.indexOf(':') != pattern.lastIndexOf(':') && !pattern.contains("]:"); // IPv6
        int colon = isAddress ? -1 : pattern.lastIndexOf(':');
        String port = colon < 0 ? "" : pattern.substring(colon + 1);
        String name = plain(colon < 0 ? pattern : pattern.substring(0, colon)).replaceFirst("^\\*?\\.", "");
        boolean isPort = port.isEmpty() || port.equals(Integer.toString(HubHttp.port(uri)));
        return isPort && !name.isEmpty() && (name.equals("*") || host.equals(name) || host.endsWith("." + name));
    }

    /** A network such as {@code 10.0.0.0/8}; names are not looked up. */
    private static boolean isInNetwork(String host, String network) {
        int slash = network.indexOf('/');
        Optional<byte[]> address = bytes(host);
        Optional<byte[]> base = bytes(plain(network.substring(0, slash)));
        String length = network.substring(slash + 1);
        if (address.isEmpty()
                || base.isEmpty()
                || address.get().length != base.get().length
                || !length.matches("\\d{1,3}")) {
            return false;
        }
        for (int bit = 0; bit < Math.min(Integer.parseInt(length), 8 * base.get().length); bit++) {
            int difference = address.get()[bit / 8] ^ base.get()[bit / 8];
            if ((difference & 0x80 >> bit % 8) != 0) {
                return false;
            }
        }
        return true;
    }

    private static Optional<byte[]> bytes(String address) {
        try {
            boolean isLiteral = address.matches("\\d+(\\.\\d+){3}|[0-9a-f.]*:[0-9a-f:.]*");
            return isLiteral ? Optional.of(InetAddress.getByName(address).getAddress()) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** The address in a variable, with or without a scheme; empty if it is none, and then the connection says what fails. */
    private static Optional<URI> address(String value) {
        try {
            URI uri = URI.create(value.contains("://") ? value : "http://" + value);
            return Optional.of(uri).filter(found -> found.getHost() != null);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Proxy proxy(URI address) {
        boolean socks = address.getScheme().toLowerCase(Locale.ROOT).startsWith("socks");
        int port = address.getPort() >= 0 ? address.getPort() : socks ? 1080 : 80;
        Proxy.Type type = socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP;
        return new Proxy(type, InetSocketAddress.createUnresolved(address.getHost(), port));
    }

    /** Returns the user and password that a variable has for a proxy: {@code http://user:password@host:port}. */
    Optional<PasswordAuthentication> password(InetSocketAddress proxy) {
        return Stream.of("https_proxy", "http_proxy", "all_proxy")
                .flatMap(name -> variable(name).flatMap(ProxyVariables::address).stream())
                .filter(address -> address.getRawUserInfo() != null)
                .filter(address -> proxy(address).address().equals(proxy))
                .findFirst()
                .map(address -> {
                    String[] parts = address.getRawUserInfo().split(":", 2);
                    return new PasswordAuthentication(
                            decoded(parts[0]),
                            decoded(parts.length > 1 ? parts[1] : "").toCharArray());
                });
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        ProxySelector ofJvm = ProxySelector.getDefault();
        if (ofJvm != null) {
            ofJvm.connectFailed(uri, address, failure);
        }
    }
}

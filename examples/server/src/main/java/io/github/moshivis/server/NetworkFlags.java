package io.github.moshivis.server;

import io.github.moshivis.hub.HubSettings;
import io.github.moshivis.programs.OptionHeading;
import io.github.moshivis.server.chat.GateOptions;
import io.github.moshivis.server.http.Page;
import io.github.moshivis.server.http.ReferencePage;
import io.github.moshivis.server.http.WebServer.Place;
import io.github.moshivis.server.log.Events;
import io.github.moshivis.server.tls.GeneratedIdentity;
import io.github.moshivis.server.tls.Identity;
import io.github.moshivis.server.tls.PemIdentity;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Flags of the server's address, access and page. */
@OptionHeading("Address, access and page")
final class NetworkFlags {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*");

    @Option(
            names = "--host",
            paramLabel = "NAME|ADDRESS",
            defaultValue = "localhost",
            description = "Address to listen on; 0.0.0.0 for all networks. Default: localhost.")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8008",
            description = "Port to listen on; 0 for any free port. Default: 8008.")
    private int port;

    @Option(
            names = "--http",
            description =
                    "Disable TLS. Browsers then allow the microphone only on localhost, or behind a proxy with https.")
    private boolean http;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE.pem",
            description =
                    "The server's certificate, followed by its chain. Default: a self-signed certificate, about which"
                            + " browsers warn; none on localhost.")
    private Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE.pem",
            description = "The certificate's private key: RSA or EC, as PKCS#1, SEC1 or PKCS#8, without a password.")
    private Path key;

    @Option(
            names = "--static",
            paramLabel = "DIR|reference",
            description =
                    "Serve another page: the files of a directory, or the reference's page, downloaded from the hub.")
    private String page;

    @Option(
            names = "--token",
            paramLabel = "TEXT",
            description =
                    "Access token that callers must send. Other users of this machine can read command lines: prefer"
                            + " MOSHIVIS_TOKEN.")
    private String token;

    @Option(
            names = "--origin",
            paramLabel = "URL",
            split = ",",
            description = "Other origins whose pages may connect, such as https://example.org; * for all.")
    private List<String> origins = new ArrayList<>();

    @Option(
            names = "--accept-host",
            paramLabel = "NAME",
            split = ",",
            description = "Accepted host names besides the server's own address. Default: any; on localhost without"
                    + " --forwarded none, to prevent DNS rebinding.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Maximum number of connections. Default: 1000.")
    private int maxConnections;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "60",
            description = "Maximum number of new connections per minute from one address. Default: 60.")
    private int rate;

    @Option(
            names = "--forwarded",
            description = "Trust the Forwarded and X-Forwarded headers; use only behind a proxy that sets them.")
    private boolean forwarded;

    GateOptions gate() {
        if (maxConnections < 1 || rate < 1) {
            throw new IllegalArgumentException("--max-connections and --rate are numbers of connections: found "
                    + Math.min(maxConnections, rate) + ", expected at least 1. Correct it");
        }
        if (token != null && token.isBlank()) {
            throw new IllegalArgumentException(
                    "--token is empty: expected an access token. Leave the option out to require none");
        }
        Set<String> plain = HostForm.ORIGIN.check("--origin", origins).stream()
                .map(origin ->
                        origin.replaceFirst("/$", "").replaceFirst("^(https://.+):443$|^(http://.+):80$", "$1$2"))
                .collect(Collectors.toUnmodifiableSet()); // as browsers write it
        return new GateOptions(
                Optional.ofNullable(token).map(String::strip), plain, acceptedHosts(), maxConnections, rate);
    }

    private Set<String> acceptedHosts() {
        Set<String> names = HostForm.NAME.check("--accept-host", hosts);
        if (names.isEmpty() && (forwarded || !isLocal())) {
            return Set.of();
        }
        Set<String> accepted = new HashSet<>(THIS_MACHINE);
        accepted.add(host());
        accepted.addAll(names);
        return accepted;
    }

    Place place() {
        return new Place(host(), port, identity().map(Identity::context), forwarded);
    }

    /** Returns the certificate and key for TLS; empty for plain HTTP. */
    private Optional<Identity> identity() {
        if (http && (certificate != null || key != null)) {
            throw new IllegalArgumentException(
                    "--http is without TLS: found a certificate or key beside it, expected none. Leave one of them out");
        }
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("TLS needs both --tls-cert and --tls-key: found only "
                    + (key == null ? "--tls-cert" : "--tls-key") + ". Give the other one");
        }
        if (certificate != null) {
            Identity identity = PemIdentity.read(certificate, key);
            identity.problem().ifPresent(problem -> Events.of("certificate-not-valid")
                    .with("file", certificate)
                    .with("found", problem)
                    .log(Level.WARNING, null));
            return Optional.of(identity);
        }
        if (http || isLocal()) {
            return Optional.empty();
        }
        Identity generated = GeneratedIdentity.create(host());
        Events.of("certificate-made").with("sha256", generated.fingerprint()).log();
        return Optional.of(generated);
    }

    Page page(Map<String, String> environment, boolean nano) {
        if (page == null) {
            return nano ? Page.NANO : Page.BUNDLED;
        }
        return page.equals("reference")
                ? ReferencePage.fetch(HubSettings.fromEnvironment(environment))
                : Page.in(path(page));
    }

    private static Path path(String directory) {
        try {
            return Path.of(directory);
        } catch (InvalidPathException e) { // such as one beyond ASCII in the locale POSIX
            throw new IllegalArgumentException(
                    "--static: found " + e.getMessage() + ", expected a directory's path. Correct it, or set LC_ALL",
                    e);
        }
    }

    /** Returns whether only this machine can connect: browsers trust its pages without TLS. */
    private boolean isLocal() {
        String name = host();
        if (THIS_MACHINE.contains(name) || name.endsWith(".localhost")) {
            return true;
        }
        try {
            return ADDRESS.matcher(name).matches()
                    && InetAddress.getByName(name).isLoopbackAddress(); // no request, as it is no name
        } catch (UnknownHostException e) {
            return false; // the server says that it cannot listen on it
        }
    }

    private String host() {
        return HostForm.address("--host", host);
    }
}

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Flags of the server's address, access and page. */
@OptionHeading("Address, access and page")
final class NetworkFlags {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");

    @Option(
            names = "--host",
            paramLabel = "NAME|ADDRESS",
            defaultValue = "localhost",
            description = "Where to listen; 0.0.0.0 for all networks. Default: localhost.")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8008",
            description = "Which port; 0 for any that is free. Default: 8008.")
    private int port;

    @Option(
            names = "--http",
            description = "No TLS. Browsers then give the microphone to pages of localhost only, or behind a proxy that"
                    + " speaks https.")
    private boolean http;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE.pem",
            description =
                    "The server's certificate, and after it those that vouch for it. Default: one that is made at the"
                            + " start, of which browsers warn; none on localhost.")
    private Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE.pem",
            description = "The certificate's key: RSA or EC, as PKCS#1, SEC1 or PKCS#8, without a password.")
    private Path key;

    @Option(
            names = "--static",
            paramLabel = "DIR|reference",
            description = "Another page: the files of a directory, or the reference's, fetched from the hub.")
    private String page;

    @Option(
            names = "--token",
            paramLabel = "TEXT",
            description =
                    "What callers must show. Other users of this machine can read command lines: MOSHIVIS_TOKEN is better.")
    private String token;

    @Option(
            names = "--origin",
            paramLabel = "URL",
            split = ",",
            description = "Pages of other sites that may connect, such as https://example.org; * for all.")
    private List<String> origins = new ArrayList<>();

    @Option(
            names = "--accept-host",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Names by which this server may be addressed, besides its own address. Default: any; on localhost without --forwarded"
                            + " none, so that no page of another site can reach it by a name that it made to mean this machine.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many connections there may be. Default: 1000.")
    private int maxConnections;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "60",
            description = "How many connections one address may make in a minute. Default: 60.")
    private int rate;

    @Option(
            names = "--forwarded",
            description = "Believe the Forwarded and X-Forwarded headers, which a proxy in front must set.")
    private boolean forwarded;

    GateOptions gate() {
        if (maxConnections < 1 || rate < 1) {
            throw new IllegalArgumentException("--max-connections and --rate are numbers of connections: found "
                    + Math.min(maxConnections, rate) + ", expected at least 1. Correct it");
        }
        if (token != null && token.isBlank()) {
            throw new IllegalArgumentException(
                    "--token is empty: expected what callers must show. Leave it out if they need not show anything");
        }
        Set<String> plain = origins.stream()
                .map(origin -> origin.toLowerCase(Locale.ROOT).replaceFirst("/$", ""))
                .collect(Collectors.toCollection(HashSet::new));
        return new GateOptions(Optional.ofNullable(token), plain, acceptedHosts(), maxConnections, rate);
    }

    private Set<String> acceptedHosts() {
        if (hosts.isEmpty() && (forwarded || !isLocal())) {
            return Set.of();
        }
        Set<String> accepted = new HashSet<>(THIS_MACHINE);
        accepted.add(host.toLowerCase(Locale.ROOT));
        hosts.forEach(name -> accepted.add(name.toLowerCase(Locale.ROOT)));
        return accepted;
    }

    Place place() {
        return new Place(host, port, identity().map(Identity::context), forwarded);
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
            return Optional.of(PemIdentity.read(certificate, key));
        }
        if (http || isLocal()) {
            return Optional.empty();
        }
        Identity generated = GeneratedIdentity.create(host);
        Events.of("certificate-made").with("sha256", generated.fingerprint()).log();
        return Optional.of(generated);
    }

    Page page(Map<String, String> environment, boolean nano) {
        if (page == null) {
            return nano ? Page.NANO : Page.BUNDLED;
        }
        return page.equals("reference")
                ? ReferencePage.fetch(HubSettings.fromEnvironment(environment))
                : Page.in(Path.of(page));
    }

    /** Returns whether only this machine can connect: browsers trust its pages without TLS. */
    private boolean isLocal() {
        return THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT));
    }
}

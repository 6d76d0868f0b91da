package io.github.moshivis.hub;

import io.github.moshivis.errors.HubException;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Error messages for the hub's answers. No message holds a token or the query of an address. */
final class HubErrors {
    /** Places of a file of the same name that a message names. */
    private static final int MAX_SHOWN = 3;

    private final HubSettings settings;
    private final ModelName model;

    HubErrors(HubSettings settings, ModelName model) {
        this.settings = settings;
        this.model = model;
    }

    /** An answer that will be the same if asked again. */
    HubException refused(HttpResponse<?> response, String file) {
        HttpHeaders headers = response.headers();
        String code = headers.firstValue("X-Error-Code").orElse("");
        int status = response.statusCode();
        String found = "the hub answered " + status + (code.isEmpty() ? "" : " " + RepoPath.printable(code))
                + headers.firstValue("X-Error-Message")
                        .map(text -> " (" + RepoPath.printable(text) + ")")
                        .orElse("");
        String page = settings.endpoint() + "/" + model.repository();
        String advice;
        if (code.equals("GatedRepo")) {
            advice = "expected access to a gated model; accept its license at " + page + " in a browser, then "
                    + logIn() + " of the same account";
        } else if (code.equals("RevisionNotFound")) {
            advice = "expected the revision " + model.revisionOrDefault() + "; choose one that is listed at " + page
                    + "/refs";
        } else if (code.equals("EntryNotFound")) {
            advice = "expected the file " + file
                    + "; it was in the repository's list: try again, or choose another revision";
        } else if (status == 401 || status == 404 || code.equals("RepoNotFound")) {
            advice = "expected a model at " + page + "; check the name; if the model is private or gated, " + logIn();
        } else if (status == 403) {
            advice = "expected leave to read it; ask its owner at " + page + ", or " + logIn() + " that may";
        } else {
            advice = "expected 200; check that HF_ENDPOINT (" + settings.endpoint()
                    + ") is a Hugging Face hub and that no" + " proxy answers in its place";
        }
        return new HubException("Cannot fetch " + file + " of " + model + ": " + found + ", " + advice);
    }

    private String logIn() {
        return settings.token().isPresent()
                ? "use another token than the present one (option, HF_TOKEN or the token file): one"
                : "log in: set HF_TOKEN to a token (or run 'hf auth login'), one";
    }

    /**
     * The network failed for good.
     *
     * @param from where the last answer came from
     */
    HubException unreachable(String file, URI from, IOException cause) {
        if (cause instanceof StatusException status && status.isTooMany()) {
            return tooMany(file, status);
        }
        String found = "a network that failed again and again (" + reason(cause) + "), expected answers from "
                + HubHttp.origin(from);
        String host = HubHttp.origin(from);
        String advice = "check the network and the proxy (HTTPS_PROXY, NO_PROXY, or https.proxyHost)";
        if (cause instanceof UnreachableException unreachable) {
            found = "no answer from " + unreachable.host() + " (" + unreachable.getMessage() + "), expected one";
            host = unreachable.host();
            advice = unreachable.proxy().map(HubErrors::ofProxy).orElse(advice);
        }
        if (!host.equals(HubHttp.origin(settings.endpoint()))) {
            advice =
                    "it is the host that stores the files, the hub itself answers: a firewall or proxy must let it through, too; "
                            + advice;
        }
        return new HubException(
                "Cannot fetch " + file + " of " + model + ": found " + found + "; " + advice
                        + "; what was fetched is kept: start again to fetch the rest",
                cause);
    }

    private static String ofProxy(Proxy proxy) {
        return proxy.type() == Proxy.Type.SOCKS
                ? "the SOCKS proxy " + UnreachableException.name(proxy)
                        + " is not used, as Java's HTTP client knows proxies of HTTP only: set HTTPS_PROXY to one"
                : "check that the proxy " + UnreachableException.name(proxy)
                        + " (HTTPS_PROXY, or https.proxyHost) is the right one and lets this host through, or reach it without"
                        + " one (NO_PROXY)";
    }

    /** A proxy asks for a user and password, or refuses them. */
    static HubException proxyPassword(URI uri, Optional<Proxy> proxy) {
        return new HubException("Cannot reach " + HubHttp.origin(uri) + ": found a proxy"
                + proxy.map(used -> " (" + UnreachableException.name(used) + ")")
                        .orElse("")
                + " that asks for a user and a password (407), expected access; set HTTPS_PROXY to"
                + " http://USER:PASSWORD@HOST:PORT, or java.net.Authenticator's default; for https, Java sends them only if"
                + " -Djdk.http.auth.tunneling.disabledSchemes= is set, too");
    }

    private HubException tooMany(String file, StatusException cause) {
        return new HubException(
                "Cannot fetch " + file + " of " + model
                        + ": found too many requests from this address (" + cause.getMessage()
                        + "), expected fewer; "
                        + (settings.token().isPresent()
                                ? "wait and start again"
                                : "set HF_TOKEN, as the hub allows more to those who log in, or wait")
                        + ". What was fetched is kept",
                cause);
    }

    private static String reason(IOException cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    HubException strangeAnswer(String file, String found, String expected) {
        return new HubException("Cannot fetch " + file + " of " + model + ": found " + found + ", expected " + expected
                + "; check that HF_ENDPOINT (" + settings.endpoint()
                + ") is a Hugging Face hub and that no proxy changes its"
                + " answers");
    }

    HubException wrongHash(String file, String found, ContentHash expected) {
        return new HubException("Cannot fetch " + file + " of " + model + ": found bytes whose " + expected.algorithm()
                + " is "
                + found + ", twice, expected " + expected.hex()
                + "; nothing was kept of it: something on the way changes the"
                + " bytes, try another network or report it at " + settings.endpoint() + "/" + model.repository());
    }

    /** A file that is not in a repository's list; where it is said which folders have one of its name. */
    HubException noSuchFile(String file, Collection<String> files) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        List<String> elsewhere = files.stream()
                .filter(other -> other.endsWith("/" + name) || other.equals(name))
                .limit(MAX_SHOWN)
                .map(RepoPath::printable)
                .toList();
        return new HubException("Cannot fetch " + RepoPath.printable(file) + " of " + model
                + ": found no such file in its list, expected it there; check the name and the revision"
                + (elsewhere.isEmpty() ? "" : "; there is " + String.join(", ", elsewhere)));
    }

    /**
     * The cache is asked only, and lacks something.
     *
     * @param commit the revision that is incomplete, if it is known
     */
    HubException offline(String missing, Optional<String> commit) {
        return new HubException("Cannot load " + model + " offline: found no " + missing + " in the cache "
                + settings.cacheDirectory() + otherRevisions(commit)
                + ", expected all files that the model needs; unset HF_HUB_OFFLINE, or download the"
                + " model once on a machine with a network and copy the cache");
    }

    /** Revisions that the cache has of the model besides one, which can be named. */
    private String otherRevisions(Optional<String> commit) {
        Path snapshots =
                new CacheLayout(settings.cacheDirectory(), model).repository().resolve("snapshots");
        if (!Files.isDirectory(snapshots)) {
            return "";
        }
        try (Stream<Path> found = Files.list(snapshots)) {
            List<String> names = found.map(path -> path.getFileName().toString())
                    .filter(name -> !commit.equals(Optional.of(name)))
                    .sorted()
                    .toList();
            return names.isEmpty()
                    ? ""
                    : ", which has the revisions " + names + " (name one: " + model.repository() + "@" + names.get(0)
                            + ")";
        } catch (IOException e) {
            return ""; // it cannot be read; the message says what is missing
        }
    }

    HubException noSpace(Path directory, long needed, long available) {
        return new HubException("Cannot fetch " + model + ": found " + bytes(available) + " free in " + directory
                + ", expected " + bytes(needed) + "; make room, or set HF_HUB_CACHE to a directory on a larger disk");
    }

    HubException disk(String what, IOException cause) {
        return new HubException(
                "Cannot read or write " + what + " of " + model + ": " + cause
                        + ", expected a cache that can be read and written at "
                        + settings.cacheDirectory() + "; correct its permissions or make room, or set HF_HUB_CACHE to"
                        + " another directory",
                cause);
    }

    static HubException redirectLoop(URI start, int hops) {
        return new HubException("Cannot fetch " + HubHttp.printable(start) + ": found a redirect loop after " + hops
                + " addresses, expected an answer; check HF_ENDPOINT and the proxy");
    }

    static HubException badRedirect(URI from, String to) {
        return new HubException("Cannot follow the redirect from " + HubHttp.printable(from) + ": found " + to
                + ", expected an https address (http only from http); check HF_ENDPOINT and the proxy");
    }

    static HubException tls(URI uri, IOException cause) {
        return new HubException(
                "Cannot open a secure connection to " + uri.getHost() + ": " + cause.getMessage()
                        + ", expected a certificate"
                        + " that this Java runtime trusts; behind a proxy that inspects TLS, add its certificate to the"
                        + " trust store (javax.net.ssl.trustStore)",
                cause);
    }

    /** A size for people: 15.2 GiB, 512 B. */
    static String bytes(long count) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double value = count;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? count + " B" : String.format(java.util.Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}

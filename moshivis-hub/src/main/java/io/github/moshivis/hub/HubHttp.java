package io.github.moshivis.hub;

import io.github.moshivis.errors.HubException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Requests of one download: follows redirects, gives the token to the hub's own origin only, and watches over bodies. Redirects
 * are followed here, not by the JDK, because the hub says the most important things in a redirect's headers.
 */
final class HubHttp implements Closeable {
    private static final System.Logger LOG = System.getLogger(HubHttp.class.getName());
    private static final int MAX_REDIRECTS = 10;
    private static final int MAX_PORT = 65_535;
    private static final int PROXY_PASSWORD = 407;

    private static final String USER_AGENT =
            "moshivis-hub (java/" + Runtime.version().feature() + ")";

    private final HttpClient client;
    private final HubSettings settings;
    /** Once a proxy has asked for it. */
    private volatile Optional<String> proxyPassword = Optional.empty();

    private final Set<GuardedBody> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService guard = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "moshivis-hub-guard");
        thread.setDaemon(true);
        return thread;
    });

    HubHttp(HttpClient client, HubSettings settings) {
        this.client = client;
        this.settings = settings;
        long tick = Cancellation.TICK.toMillis();
        guard.scheduleAtFixedRate(this::watch, tick, tick, TimeUnit.MILLISECONDS);
    }

    /** Looks after all bodies; what one of them throws must not end the watch over the others. */
    private void watch() {
        for (GuardedBody body : open) {
            try {
                body.guard();
            } catch (RuntimeException | Error e) {
                LOG.log(Level.WARNING, "A stalled connection could not be closed", e);
            }
        }
    }

    /**
     * The JDK's client, set up for this use: HTTP/1.1, because HTTP/2 would put parallel ranges on one connection again; the
     * JVM's or the environment's proxy.
     */
    static HttpClient newClient(HubSettings settings) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.transfer().connectTimeout())
                .proxy(settings.proxies())
                .build();
    }

    /**
     * Sends a request and follows where it leads.
     *
     * @param method GET or HEAD
     * @param start where to begin
     * @param headers what to send besides the token
     * @param enough tells a redirect that is itself the answer
     * @param cancellation ends the waiting, and later the reading of the body
     * @return the last response; its body must be closed
     * @throws IOException if the network failed; another try may succeed
     * @throws HubException if another try is in vain
     */
    HttpResponse<InputStream> send(
            String method,
            URI start,
            Map<String, String> headers,
            Predicate<HttpResponse<?>> enough,
            Cancellation cancellation)
            throws IOException {
        Set<URI> seen = new HashSet<>();
        URI uri = start;
        while (true) {
            if (!seen.add(uri) || seen.size() > MAX_REDIRECTS) {
                throw HubErrors.redirectLoop(start, seen.size());
            }
            HttpResponse<InputStream> response = sendOnce(method, uri, headers, cancellation);
            Optional<String> location = response.headers().firstValue("Location");
            if (!isRedirect(response.statusCode()) || location.isEmpty() || enough.test(response)) {
                return response;
            }
            response.body().close();
            uri = target(uri, location.get());
        }
    }

    private HttpResponse<InputStream> sendOnce(
            String method, URI uri, Map<String, String> headers, Cancellation cancellation) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(settings.transfer().answerTimeout())
                .header("User-Agent", USER_AGENT)
                .header("Accept-Encoding", "identity");
        if (method.equals("GET")) {
            request.GET(); // by its name it would announce a body of 0 bytes
        } else {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        }
        headers.forEach(request::header);
        if (isOfHub(uri)) {
            settings.token().ifPresent(token -> request.header("Authorization", token.authorization()));
        }
        HttpResponse.BodyHandler<InputStream> handler = info -> HttpResponse.BodySubscribers.mapping(
                HttpResponse.BodySubscribers.ofInputStream(), body -> guarded(body, cancellation));
        Optional<Proxy> proxy = proxy(uri);
        try {
            HttpResponse<InputStream> response = exchange(request, handler, cancellation);
            if (response.statusCode() == PROXY_PASSWORD) {
                response.body().close();
                proxyPassword = proxy.flatMap(used -> ProxyPassword.of(used, settings.proxies()));
                response = exchange(request, handler, cancellation);
            }
            if (response.statusCode() == PROXY_PASSWORD) {
                response.body().close();
                throw HubErrors.proxyPassword(uri, proxy);
            }
            return response;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            if (isDistrust(e)) {
                throw HubErrors.tls(uri, e);
            }
            throw new UnreachableException(uri, proxy, e);
        }
    }

    private HttpResponse<InputStream> exchange(
            HttpRequest.Builder request, HttpResponse.BodyHandler<InputStream> handler, Cancellation cancellation)
            throws IOException {
        proxyPassword.ifPresent(password -> request.setHeader(ProxyPassword.HEADER, password));
        return cancellation.await(client.sendAsync(request.build(), handler));
    }

    private Optional<Proxy> proxy(URI uri) {
        return settings.proxies().select(uri).stream()
                .filter(proxy -> proxy.type() != Proxy.Type.DIRECT)
                .findFirst();
    }

    /** Tells a certificate that is not trusted from a connection that ends in the handshake. */
    private static boolean isDistrust(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return true;
            }
        }
        return false;
    }

    private InputStream guarded(InputStream body, Cancellation cancellation) {
        open.removeIf(GuardedBody::isClosed);
        GuardedBody guarded = new GuardedBody(body, settings.transfer().stallTimeout(), cancellation);
        open.add(guarded);
        return guarded;
    }

    /** Returns whether the token may be sent to an address: the same scheme, host and port as the hub's. */
    boolean isOfHub(URI uri) {
        URI hub = settings.endpoint();
        return hub.getScheme().equalsIgnoreCase(uri.getScheme())
                && hub.getHost().equalsIgnoreCase(uri.getHost())
                && port(hub) == port(uri);
    }

    /** The port of an address, or its scheme's. */
    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /** Resolves the target of a redirect, which must not lead from TLS to plain text. */
    static URI target(URI from, String location) {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw HubErrors.badRedirect(from, "no valid address");
        }
        boolean plain = "http".equalsIgnoreCase(to.getScheme());
        boolean downgrade = plain && "https".equalsIgnoreCase(from.getScheme());
        if (downgrade
                || to.getHost() == null
                || to.getPort() > MAX_PORT
                || !(plain || "https".equalsIgnoreCase(to.getScheme()))) {
            throw HubErrors.badRedirect(from, printable(to));
        }
        return to;
    }

    /** Scheme, name and port of an address. */
    static String origin(URI uri) {
        String port = uri.getPort() >= 0 ? ":" + uri.getPort() : "";
        return uri.getScheme() + "://" + uri.getHost() + port;
    }

    /** An address without its query, which may hold a signature, and without user and password. */
    static String printable(URI uri) {
        return origin(uri) + uri.getRawPath();
    }

    /** Ends the watch; bodies that are still open are closed by their readers. */
    @Override
    public void close() {
        guard.shutdownNow();
    }
}

package io.github.moshivis.server.realtime;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Loads pictures from data URLs and from hosts that the operator allows. Other URLs are refused, to prevent requests into the server's own
 * network. Redirects are not followed.
 */
public final class ImageUrls {
    /** Timeout of a whole download. */
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Set<String> hosts;
    private final Duration deadline;
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * Creates the loader.
     *
     * @param hosts allowed hosts, as in URLs, with the port unless it is the scheme's default
     */
    public ImageUrls(Set<String> hosts) {
        this(hosts, DEADLINE);
    }

    /**
     * Creates the loader with another timeout.
     *
     * @param deadline timeout of a whole download
     */
    ImageUrls(Set<String> hosts, Duration deadline) {
        this.hosts = Set.copyOf(hosts);
        this.deadline = deadline;
    }

    /** Returns whether a URL is a data URL. */
    static boolean isData(String url) {
        return url.regionMatches(true, 0, "data:", 0, "data:".length());
    }

    /**
     * Returns the picture of a data URL (RFC 2397) in Base64.
     *
     * @throws BadEventException if it is invalid
     */
    static byte[] data(String url) throws BadEventException {
        int comma = url.indexOf(',');
        String head = comma < 0 ? "" : url.substring(0, comma).toLowerCase(Locale.ROOT);
        if (!head.endsWith(";base64")) {
            throw BadEventException.value("image_url", url, "data:image/...;base64, and the picture in Base64");
        }
        try {
            return Base64.getMimeDecoder().decode(url.substring(comma + 1));
        } catch (IllegalArgumentException e) {
            throw BadEventException.value("image_url", url, "Base64 behind the comma");
        }
    }

    /**
     * Checks whether a picture may be downloaded.
     *
     * @return its address
     * @throws BadEventException if its host is not among those allowed
     */
    URI allowed(String url) throws BadEventException {
        URI address;
        try {
            address = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw BadEventException.value("image_url", url, "a data URL");
        }
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(address.getRawAuthority()).toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || !hosts.contains(host)) {
            throw new BadEventException(
                    "image_url_not_allowed",
                    "Pictures of " + host
                            + " are not fetched: expected a data URL. Send the picture itself, or start the"
                            + " server with --image-url-host");
        }
        return address;
    }

    /**
     * Downloads a picture. Blocks until the timeout at the latest.
     *
     * @param maxBytes maximum size
     * @throws BadEventException if it cannot be downloaded
     */
    byte[] fetch(URI address, int maxBytes) throws BadEventException {
        HttpRequest request = HttpRequest.newBuilder(address).build();
        BoundedBody body = new BoundedBody(maxBytes + 1);
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, head -> body);
        try {
            HttpResponse<byte[]> response = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            byte[] bytes = response.body();
            if (response.statusCode() != 200 || bytes.length > maxBytes) {
                throw failed("found status " + response.statusCode() + " and " + bytes.length
                        + " bytes, expected 200 and at most " + maxBytes + " bytes. Send it as a data URL");
            }
            return bytes;
        } catch (TimeoutException e) {
            throw failed("found no end of it after " + deadline.toMillis() + " ms, expected the whole picture."
                    + " Send it as a data URL");
        } catch (ExecutionException e) {
            throw failed("found " + e.getCause() + ". Send it as a data URL");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("the server stops");
        } finally {
            answer.cancel(true); // while waiting for the response headers
            body.cancel();
        }
    }

    private static BadEventException failed(String reason) {
        return new BadEventException("image_url_failed", "Cannot fetch the picture: " + reason);
    }
}

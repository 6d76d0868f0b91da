package io.github.moshivis.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The source of one file's bytes. The hub redirects to a storage address that is signed for some minutes; it is used for as long as it
 * works, then the hub is asked again.
 *
 * <p>Threads: any.
 */
final class FileSource {
    private final HubHttp http;
    private final HubErrors errors;
    private final RemoteFile file;
    private volatile Place place;
    private volatile URI last;

    /** An address, and the strong ETag that its server gives the bytes, once known. */
    private record Place(URI uri, Optional<String> validator) {}

    FileSource(HubHttp http, HubErrors errors, RemoteFile file) {
        this.http = http;
        this.errors = errors;
        this.file = file;
        this.place = new Place(file.place(), Optional.empty());
        this.last = file.place();
    }

    /** The server does not send ranges of these bytes as asked: they have to be fetched from the beginning, in one go. */
    static final class NoRangesException extends IOException {
        private static final long serialVersionUID = 1L;

        NoRangesException(String reason) {
            super(reason);
        }
    }

    /**
     * Opens a range.
     *
     * @param from first byte
     * @param to byte after the last one
     * @throws NoRangesException if the server has none, or the bytes changed since the last range
     * @throws IOException if it may succeed at another try
     */
    InputStream openRange(long from, long to, Cancellation cancellation) throws IOException {
        Place asked = place;
        Map<String, String> headers = new HashMap<>(Map.of("Range", "bytes=" + from + "-" + (to - 1)));
        asked.validator().ifPresent(etag -> headers.put("If-Range", etag));
        HttpResponse<InputStream> response = http.send("GET", asked.uri(), headers, redirect -> false, cancellation);
        last = response.uri();
        boolean good = false;
        try {
            int status = response.statusCode();
            boolean wholeIsAsked = from == 0 && to == file.size();
            if (status == 200 && wholeIsAsked && !HubApi.isGzip(response)) {
                demandLength(response, to);
            } else if (status == 200 || status == 416) {
                throw noRanges("the answer " + status + " to a request for a range");
            } else if (status == 206) {
                demandRange(response, from, to, asked);
            } else {
                refuse(response);
            }
            learn(response, asked);
            good = true;
            return response.body();
        } finally {
            if (!good) {
                response.body().close();
            }
        }
    }

    /** Opens the whole file, from its first byte. */
    InputStream openWhole(Cancellation cancellation) throws IOException {
        Place asked = place;
        HttpResponse<InputStream> response = http.send("GET", asked.uri(), Map.of(), redirect -> false, cancellation);
        last = response.uri();
        boolean good = false;
        try {
            if (response.statusCode() != 200) {
                refuse(response);
            }
            if (!HubApi.isGzip(response)) {
                demandLength(response, file.size());
            }
            learn(response, asked);
            InputStream body = HubApi.decoded(response, response.body());
            good = true;
            return body;
        } finally {
            if (!good) {
                response.body().close();
            }
        }
    }

    /** Returns where the last answer came from. */
    URI last() {
        return last;
    }

    /** Goes back to the hub for the next request. */
    void forget() {
        place = new Place(file.uri(), Optional.empty());
    }

    private void learn(HttpResponse<?> response, Place asked) {
        Optional<String> strong = response.headers().firstValue("ETag").filter(etag -> etag.startsWith("\""));
        if (place == asked
                && !(asked.uri().equals(response.uri()) && asked.validator().equals(strong))) {
            place = new Place(response.uri(), strong);
        }
    }

    private void demandLength(HttpResponse<?> response, long expected) throws IOException {
        long length = response.headers().firstValueAsLong("Content-Length").orElse(expected);
        if (length != expected) {
            forget();
            throw new ContradictionException("the server sends " + length + " bytes of a file of " + expected);
        }
    }

    private void demandRange(HttpResponse<?> response, long from, long to, Place asked) throws IOException {
        String expected = "bytes " + from + "-" + (to - 1) + "/" + file.size();
        String found = response.headers().firstValue("Content-Range").orElse("none");
        if (!found.equals(expected)) {
            forget();
            throw new ContradictionException(
                    "the server sends the range " + RepoPath.printable(found) + ", not " + expected);
        }
        Optional<String> etag = response.headers().firstValue("ETag");
        if (HubApi.isGzip(response)) {
            throw noRanges("a compressed range");
        }
        if (asked.validator().isPresent() && etag.isPresent() && !etag.equals(asked.validator())) {
            throw noRanges("bytes that changed on the server");
        }
    }

    private NoRangesException noRanges(String found) {
        forget();
        return new NoRangesException(found + " from " + HubHttp.printable(file.uri()));
    }

    /** An error: of the network, of an address that expired, or final. */
    private void refuse(HttpResponse<?> response) throws IOException {
        forget();
        boolean ofStorage = !response.uri().equals(file.uri());
        if (StatusException.isTransient(response.statusCode()) || ofStorage) {
            throw new StatusException(response);
        }
        throw errors.refused(response, file.name());
    }
}

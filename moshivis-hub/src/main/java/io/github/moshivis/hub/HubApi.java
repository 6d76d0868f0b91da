package io.github.moshivis.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.errors.HubException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** The hub's information on one repository: its file list at a revision, and each file's hash, size and place. */
final class HubApi {
    /** A list of a thousand files is 300 kB; in memory a list takes ten times its bytes. */
    private static final int MAX_ANSWER_BYTES = 8 << 20;

    private static final String COMMIT = "X-Repo-Commit";
    private static final String LINKED_ETAG = "X-Linked-ETag";
    private static final String LINKED_SIZE = "X-Linked-Size";

    private final HubHttp http;
    private final HubSettings settings;
    private final ModelName model;
    private final HubErrors errors;
    private final Cancellation cancellation;

    HubApi(HubHttp http, HubSettings settings, ModelName model, Cancellation cancellation) {
        this.http = http;
        this.settings = settings;
        this.model = model;
        this.errors = new HubErrors(settings, model);
        this.cancellation = cancellation;
    }

    /** The file is in the list, but the hub says that it is not there. */
    static final class NoSuchEntryException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient HubException meaning;

        NoSuchEntryException(HubException meaning) {
            super(meaning);
            this.meaning = meaning;
        }

        HubException meaning() {
            return meaning;
        }
    }

    /**
     * Requests the model's commit and files.
     *
     * @throws IOException if the hub could not be reached
     */
    Listing listing(RetryPolicy policy) throws IOException {
        URI uri = URI.create(settings.endpoint() + "/api/models/" + model.repository() + "/revision/"
                + encoded(model.revisionOrDefault()) + "?blobs=true");
        JsonNode answer = Retries.call(policy, cancellation, () -> json(uri));
        String commit = answer.path("sha").asText("");
        if (!ModelName.isCommit(commit)) {
            throw errors.strangeAnswer(
                    "the file list", "a commit of " + RepoPath.printable(commit), "40 hexadecimal digits");
        }
        if (ModelName.isCommit(model.revisionOrDefault()) && !commit.equals(model.revisionOrDefault())) {
            throw errors.strangeAnswer("the file list", "the commit " + commit, "the commit that was asked for");
        }
        return Listing.ofAnswer(commit, answer);
    }

    private JsonNode json(URI uri) throws IOException {
        HttpResponse<InputStream> response = http.send("GET", uri, Map.of(), redirect -> false, cancellation);
        try (InputStream body = response.body()) {
            demandSuccess(response, "the file list");
            byte[] bytes = decoded(response, body).readNBytes(MAX_ANSWER_BYTES + 1);
            if (bytes.length > MAX_ANSWER_BYTES) {
                throw errors.strangeAnswer("the file list", "more than " + MAX_ANSWER_BYTES + " bytes", "less");
            }
            return new ObjectMapper().readTree(bytes);
        } catch (JsonProcessingException e) {
            throw errors.strangeAnswer("the file list", "an answer that is not JSON", "a JSON object");
        }
    }

    /**
     * Requests the information on a file at a commit.
     *
     * @throws NoSuchEntryException if the hub does not have it
     * @throws IOException if the hub could not be reached
     */
    RemoteFile head(String commit, String name, Listing.Entry listed) throws IOException {
        URI uri = resolveUri(commit, name);
        return Retries.call(settings.transfer().retry(), cancellation, () -> {
            HttpResponse<InputStream> response = http.send(
                    "HEAD",
                    uri,
                    Map.of(),
                    redirect -> redirect.headers().firstValue(LINKED_ETAG).isPresent(),
                    cancellation);
            response.body().close();
            return remoteFile(commit, name, listed, uri, response);
        });
    }

    private RemoteFile remoteFile(
            String commit, String name, Listing.Entry listed, URI uri, HttpResponse<InputStream> response)
            throws IOException {
        boolean redirect = HubHttp.isRedirect(response.statusCode());
        if (!redirect) {
            demandSuccess(response, name);
        }
        String found = response.headers().firstValue(COMMIT).orElse("none");
        if (!found.equals(commit)) {
            throw errors.strangeAnswer(name, "the commit " + RepoPath.printable(found) + " in X-Repo-Commit", commit);
        }
        ContentHash hash = response.headers()
                .firstValue(LINKED_ETAG)
                .or(() -> response.headers().firstValue("ETag"))
                .flatMap(ContentHash::ofEtag)
                .or(listed::hash)
                .orElseThrow(
                        () -> errors.strangeAnswer(name, "no hash in X-Linked-ETag or ETag", "SHA-256 or git SHA-1"));
        long size = size(response, redirect).orElse(listed.size());
        if (size < 0) {
            throw errors.strangeAnswer(name, "no size in X-Linked-Size or Content-Length", "the file's length");
        }
        return new RemoteFile(name, hash, size, uri, redirect ? place(response, name) : response.uri());
    }

    private URI place(HttpResponse<?> redirect, String name) {
        String location = redirect.headers()
                .firstValue("Location")
                .orElseThrow(() -> errors.strangeAnswer(name, "a redirect without a Location", "an address"));
        return HubHttp.target(redirect.uri(), location);
    }

    private static Optional<Long> size(HttpResponse<?> response, boolean redirect) {
        boolean plain = !redirect && !isGzip(response);
        return response.headers()
                .firstValue(LINKED_SIZE)
                .or(() -> plain ? response.headers().firstValue("Content-Length") : Optional.empty())
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::valueOf);
    }

    private URI resolveUri(String commit, String name) {
        StringBuilder path = new StringBuilder();
        for (String segment : name.split("/")) {
            path.append('/').append(encoded(segment));
        }
        return URI.create(settings.endpoint() + "/" + model.repository() + "/resolve/" + commit + path);
    }

    private void demandSuccess(HttpResponse<?> response, String what) throws IOException {
        int status = response.statusCode();
        if (status == 200) {
            return;
        }
        if (StatusException.isTransient(status)) {
            throw new StatusException(response);
        }
        HubException meaning = errors.refused(response, what);
        if (response.headers().firstValue("X-Error-Code").orElse("").equals("EntryNotFound")) {
            throw new NoSuchEntryException(meaning);
        }
        throw meaning;
    }

    static boolean isGzip(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Content-Encoding")
                .map("gzip"::equalsIgnoreCase)
                .orElse(false);
    }

    /** Some proxies compress though {@code identity} was asked for. */
    static InputStream decoded(HttpResponse<?> response, InputStream body) throws IOException {
        return isGzip(response) ? new GZIPInputStream(body) : body;
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

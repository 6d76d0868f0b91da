package io.github.moshivis.hub;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hub as the real one answers, on this machine: file lists, {@code HEAD} with its headers, large files by a redirect to a
 * second server (another origin, which refuses a token as the real storage does), small ones by a relative redirect. It can be
 * told to misbehave, and remembers all requests.
 */
public final class TestHub implements AutoCloseable {
    private static final Pattern LIST = Pattern.compile("/api/models/([^/]+/[^/]+)/revision/(.+)");
    private static final Pattern TREE = Pattern.compile("/api/models/([^/]+/[^/]+)/tree/(.+)");
    private static final Pattern RESOLVE = Pattern.compile("/([^/]+/[^/]+)/resolve/([^/]+)/(.+)");
    private static final Pattern SMALL = Pattern.compile("/api/resolve-cache/models/([^/]+/[^/]+)/([^/]+)/(.+)");
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]*)");

    /** A request that came in, and the position behind the last byte that was sent in answer. */
    public record Seen(boolean storage, String method, String path, Map<String, String> headers, AtomicLong sentUpTo) {
        /** Bytes sent in answer to a request for a range. */
        public long sent() {
            Matcher range = RANGE.matcher(header("Range").orElse(""));
            return range.matches() ? Math.max(0, sentUpTo.get() - Long.parseLong(range.group(1))) : sentUpTo.get();
        }

        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(java.util.Locale.ROOT)));
        }
    }

    private record Fault(Predicate<Seen> when, AtomicInteger times, Consumer<Answer> change) {}

    public final List<Seen> requests = new CopyOnWriteArrayList<>();
    public final AtomicLong bytesSent = new AtomicLong();

    private final Map<String, TestRepo> repos = new ConcurrentHashMap<>();
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer hub;
    private final HttpServer storage;

    public TestHub() throws IOException {
        hub = start(false);
        storage = start(true);
    }

    private HttpServer start(boolean ofStorage) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 64);
        server.createContext("/", exchange -> answer(exchange, ofStorage));
        server.setExecutor(threads);
        server.start();
        return server;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    URI storage() {
        return URI.create("http://localhost:" + storage.getAddress().getPort());
    }

    /** Serves a repository under its name, at its commit, by the branch {@code main} and at the commit. */
    public TestRepo serve(TestRepo repo) {
        repos.put(repo.name + "@main", repo);
        repos.put(repo.name + "@" + repo.commit, repo);
        return repo;
    }

    public void serveAs(TestRepo repo, String revision) {
        repos.put(repo.name + "@" + revision, repo);
        repos.put(repo.name + "@" + repo.commit, repo);
    }

    /** Changes the next answers to some requests. */
    public void misbehave(Predicate<Seen> when, int times, Consumer<Answer> change) {
        faults.add(new Fault(when, new AtomicInteger(times), change));
    }

    /** Requests for the bytes of a large file. */
    public static Predicate<Seen> storageOf(String file) {
        return seen -> seen.storage() && seen.path().endsWith("/" + file);
    }

    public List<Seen> requests(Predicate<Seen> which) {
        return requests.stream().filter(which).toList();
    }

    public Map<String, String> environment(Path cache) {
        return Map.of(
                "HF_ENDPOINT",
                endpoint().toString(),
                "HF_HUB_CACHE",
                cache.toString(),
                "HOME",
                cache.resolveSibling("home").toString());
    }

    /** Settings for this hub with small parts, short waits and four attempts. */
    HubSettings settings(Path cache) {
        return HubSettings.fromEnvironment(environment(cache)).transfer(quick());
    }

    static TransferSettings quick() {
        RetryPolicy retry = new RetryPolicy(4, Duration.ofMillis(10), Duration.ofMillis(40), Duration.ofSeconds(5));
        return new TransferSettings(4, 64 << 10, 8 << 10, retry, Duration.ofSeconds(5), Duration.ofMillis(700));
    }

    private void answer(HttpExchange exchange, boolean ofStorage) throws IOException {
        try (exchange) {
            Seen seen = see(exchange, ofStorage);
            requests.add(seen);
            Answer answer = ofStorage ? bytes(seen) : hubAnswer(seen);
            for (Fault fault : faults) {
                if (fault.when().test(seen) && fault.times().getAndDecrement() > 0) {
                    fault.change().accept(answer);
                }
            }
            answer.send(exchange, (count, at) -> {
                bytesSent.addAndGet(count);
                seen.sentUpTo().set(at);
            });
        }
    }

    private static Seen see(HttpExchange exchange, boolean ofStorage) {
        Map<String, String> headers = new ConcurrentHashMap<>();
        Headers given = exchange.getRequestHeaders();
        given.forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        return new Seen(
                ofStorage, exchange.getRequestMethod(), exchange.getRequestURI().getPath(), headers, new AtomicLong());
    }

    private Answer hubAnswer(Seen seen) {
        Matcher list = LIST.matcher(seen.path());
        if (list.matches()) {
            return Optional.ofNullable(repos.get(list.group(1) + "@" + list.group(2)))
                    .map(TestHubJson::fileList)
                    .orElseGet(() -> unknown(list.group(1)));
        }
        Matcher tree = TREE.matcher(seen.path());
        if (tree.matches()) {
            return Optional.ofNullable(repos.get(tree.group(1) + "@" + tree.group(2)))
                    .map(TestHubJson::fileTree)
                    .orElseGet(() -> unknown(tree.group(1)));
        }
        Matcher resolve = RESOLVE.matcher(seen.path());
        if (resolve.matches()) {
            return file(resolve, false);
        }
        Matcher small = SMALL.matcher(seen.path());
        return small.matches() ? file(small, true) : Answer.status(404);
    }

    private Answer unknown(String repository) {
        boolean known = repos.keySet().stream().anyMatch(name -> name.startsWith(repository + "@"));
        return known
                ? Answer.status(404).header("X-Error-Code", "RevisionNotFound")
                : Answer.status(401).header("X-Error-Code", "RepoNotFound");
    }

    private Answer file(Matcher address, boolean direct) {
        TestRepo repo = repos.get(address.group(1) + "@" + address.group(2));
        if (repo == null) {
            return unknown(address.group(1));
        }
        TestRepo.TestFile file = repo.files.get(address.group(3));
        if (file == null) {
            return Answer.status(404).header("X-Error-Code", "EntryNotFound").header("X-Repo-Commit", repo.commit);
        }
        Answer answer = new Answer().header("X-Repo-Commit", repo.commit);
        if (file.large()) {
            answer.status = 302;
            return answer.header("X-Linked-ETag", '"' + file.etag() + '"')
                    .header("X-Linked-Size", Long.toString(file.content().size()))
                    .header(
                            "Location",
                            storage() + "/" + repo.name + "/" + repo.commit + "/" + file.name() + "?Signature=s3cret");
        }
        answer.header("ETag", '"' + file.etag() + '"');
        if (direct) {
            return answer.body(file.content());
        }
        answer.status = 307;
        return answer.header(
                "Location", "/api/resolve-cache/models/" + repo.name + "/" + repo.commit + "/" + file.name());
    }

    /** The storage's answer: ranges, its own ETag, no token allowed. */
    private Answer bytes(Seen seen) {
        String[] path = seen.path().split("/", 5);
        TestRepo repo = path.length < 5 ? null : repos.get(path[1] + "/" + path[2] + "@" + path[3]);
        TestRepo.TestFile file = repo == null ? null : repo.files.get(path[4]);
        if (file == null) {
            return Answer.status(404);
        }
        if (seen.header("Authorization").isPresent()) {
            return Answer.status(400);
        }
        String etag = "\"storage-" + file.etag().substring(0, 8) + '"';
        Answer answer = new Answer()
                .header("ETag", etag)
                .header("Accept-Ranges", "bytes")
                .body(file.content());
        Matcher range = RANGE.matcher(seen.header("Range").orElse(""));
        boolean same = seen.header("If-Range").map(etag::equals).orElse(true);
        if (range.matches() && same) {
            long size = file.content().size();
            answer.from = Long.parseLong(range.group(1));
            answer.to = range.group(2).isEmpty() ? size : Math.min(size, Long.parseLong(range.group(2)) + 1);
            if (answer.from >= size) {
                return Answer.status(416).header("Content-Range", "bytes */" + size);
            }
            answer.status = 206;
            answer.header("Content-Range", "bytes " + answer.from + "-" + (answer.to - 1) + "/" + size);
        }
        return answer;
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
        threads.shutdownNow();
    }
}

package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.load.Precision;
import io.github.moshivis.server.chat.ChatOptions;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import io.github.moshivis.server.chat.ChatRoom;
import io.github.moshivis.server.chat.GateOptions;
import io.github.moshivis.server.chat.Setting;
import io.github.moshivis.server.chat.VoiceOptions;
import io.github.moshivis.server.http.Page;
import io.github.moshivis.server.http.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** A server on a free port with the golden toy model, for tests: everything can be set, and whoever connected is tidied away. */
public final class TestServer implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(50);

    public static final Path PICTURE = Golden.path("e2e/input.png");

    public ImageMode image = ImageMode.REQUIRED;
    public Duration imageWait = Duration.ofSeconds(10);
    Duration idle = Duration.ofSeconds(60);
    public int slots = 2;
    int queue = 10;
    Optional<Duration> maxDuration = Optional.empty();
    int mostImageBytes = 1 << 20;
    Map<Setting, Double> forced = Map.of();
    Optional<Path> record = Optional.empty();
    boolean logTranscripts;
    VoiceOptions voices = VoiceOptions.DEFAULT;
    public Optional<String> token = Optional.empty();
    Set<String> origins = Set.of();
    Set<String> hosts = Set.of("localhost", "127.0.0.1");
    int mostConnections = 100;
    int perMinute = 1000;
    int threads = Runtime.getRuntime().availableProcessors();
    Page page = Page.BUNDLED;
    public ProtocolOptions protocols = ProtocolOptions.DEFAULT;
    public Optional<SSLContext> tls = Optional.empty();
    LongSupplier clock = System::nanoTime;
    Supplier<MoshiVis> loading = this::load;

    final List<TestCaller> callers = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private Server server;

    /** A server with the nano model and its page, which takes the most likely tokens, so that answers are no matter of luck. */
    public static TestServer nano() {
        TestServer server = new TestServer();
        server.page = Page.NANO;
        server.forced = Map.of(Setting.TEXT_TEMPERATURE, 0.0, Setting.AUDIO_TEMPERATURE, 0.0);
        server.loading = () -> MoshiVis.nano(LoadOptions.defaults()
                .maxConversations(server.slots)
                .maxImageSize(448)
                .threads(server.threads));
        return server;
    }

    private MoshiVis load() {
        LoadOptions options = LoadOptions.defaults()
                .maxConversations(slots)
                .maxImageSize(448)
                .precision(Precision.F32)
                .threads(threads);
        return MoshiVis.load(Golden.path("e2e/model"), options);
    }

    /** Creates the server, which does not listen yet. */
    Server create() {
        ChatOptions options = new ChatOptions(
                "test",
                "toy",
                image,
                imageWait,
                idle,
                slots,
                queue,
                maxDuration,
                448,
                mostImageBytes,
                Map.of(),
                forced,
                record,
                logTranscripts,
                voices);
        GateOptions gate = new GateOptions(token, origins, hosts, mostConnections, perMinute);
        server = new Server(
                new WebServer.Place("localhost", 0, tls, false), gate, new ChatRoom(options, clock), page, protocols);
        return server;
    }

    public TestServer start() throws IOException {
        create().start(loading);
        return this;
    }

    public Server server() {
        return server;
    }

    /** Connects with a query, such as {@code audio_format=pcm&text_topk=25}. */
    TestCaller call(String query) {
        return call(query, Map.of());
    }

    TestCaller call(String query, Map<String, String> headers) {
        TestCaller caller =
                new TestCaller(URI.create("ws://localhost:" + server.port() + "/api/chat?" + query), headers);
        callers.add(caller);
        return caller;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** As {@link #get(String)}, with headers: names and values in turn. */
    HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(address(path)).headers(headers).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Posts nothing to an address; returns the status. */
    int post(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address(path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private URI address(String path) {
        return URI.create("http://localhost:" + server.port() + path);
    }

    /** A value of {@code /metrics}. */
    public double metric(String nameAndLabels) throws IOException, InterruptedException {
        return get(token.map(shown -> "/metrics?token=" + URLEncoder.encode(shown, StandardCharsets.UTF_8))
                        .orElse("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith(nameAndLabels + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(nameAndLabels.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + nameAndLabels));
    }

    /** Something that becomes true sooner or later. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits for something, longer than a busy machine takes. */
    public static void until(Condition condition) throws Exception {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(end);
            Thread.sleep(10);
        }
    }

    static byte[] picture() {
        try {
            return Files.readAllBytes(PICTURE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        callers.forEach(TestCaller::close);
        if (server != null) {
            server.close();
        }
    }
}

package io.github.moshivis.hub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.hub.TestHub.Seen;
import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.plugin.ModelRepository;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person reads when the network is the cause: the host that failed, and the next step. */
@Timeout(120)
class HubFaultsTest extends WithTestHub {
    /** An address at which nobody listens. */
    private static String closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://localhost:" + socket.getLocalPort();
        }
    }

    @Test
    void aBlockedStorageHostIsNamed() throws IOException {
        String blocked = closedPort();
        server.misbehave(
                seen -> seen.method().equals("HEAD") && !seen.storage(),
                Integer.MAX_VALUE,
                answer -> answer.headers.replaceAll(
                        (name, value) -> name.equalsIgnoreCase("Location") ? blocked + "/file" : value));

        assertThatThrownBy(this::download)
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("no answer from " + blocked, "stores the files", "firewall or proxy");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 500})
    void aStorageHostThatRefusesIsNamed(int status) {
        server.misbehave(Seen::storage, Integer.MAX_VALUE, answer -> answer.become(Answer.status(status)));

        assertThatThrownBy(this::download)
                .hasMessageContainingAll(
                        "answered " + status, "expected answers from " + server.storage(), "stores the files");
        assertThat(server.requests(Seen::storage)).hasSizeLessThanOrEqualTo(status < 500 ? 3 : 4);
    }

    @Test
    void aStorageHostThatHangsUpIsNamed() {
        server.misbehave(Seen::storage, Integer.MAX_VALUE, answer -> answer.cutAfter = 0);

        assertThatThrownBy(this::download)
                .hasMessageContainingAll(server.storage().toString(), "stores the files");
    }

    @Test
    void aProxyThatFailsIsNamed() throws IOException {
        String gone = closedPort();
        assertThatThrownBy(() -> download(behind(gone), "owner/name"))
                .hasMessageContainingAll(
                        "no answer from http://hub.invalid (by way of the proxy " + gone.replace("http://", "") + ": ",
                        "NO_PROXY")
                .hasMessageNotContaining("cannot be resolved");
        assertThatThrownBy(() -> download(behind("http://proxy.invalid:3128"), "owner/name"))
                .hasMessageContaining("(by way of the proxy proxy.invalid:3128: the name cannot be resolved)");
        assertThatThrownBy(() -> download(behind("socks5://127.0.0.1:1080"), "owner/name"))
                .hasMessageContaining("SOCKS proxy 127.0.0.1:1080 is not used");
    }

    private HubSettings behind(String proxy) {
        return HubSettings.fromEnvironment(Map.of(
                        "HF_ENDPOINT",
                        "http://hub.invalid",
                        "HF_HUB_CACHE",
                        cache.toString(),
                        "HOME",
                        "/nowhere",
                        "http_proxy",
                        proxy))
                .transfer(TestHub.quick());
    }

    @Test
    void aProxyThatAsksForAPasswordGetsThatOfItsVariable() {
        server.misbehave(
                seen -> seen.header("Proxy-Authorization").isEmpty(),
                Integer.MAX_VALUE,
                answer -> answer.become(Answer.status(407).header("Proxy-Authenticate", "Basic realm=\"x\"")));
        server.misbehave(
                seen -> seen.header("Proxy-Authorization").isPresent(),
                Integer.MAX_VALUE,
                answer -> answer.become(Answer.status(403)));
        String place = "127.0.0.1:" + server.endpoint().getPort();

        assertThatThrownBy(() -> download(behind("http://user:p%40ss@" + place), "owner/name"))
                .hasMessageContaining("403");
        assertThat(server.requests)
                .last()
                .extracting(seen -> seen.header("Proxy-Authorization").orElse("none"))
                .isEqualTo("Basic dXNlcjpwQHNz");
        Authenticator before = Authenticator.getDefault();
        try {
            Authenticator.setDefault(new Authenticator() {
                @Override
                protected PasswordAuthentication getPasswordAuthentication() {
                    return new PasswordAuthentication("jvm", "x".toCharArray());
                }
            });
            assertThatThrownBy(() -> download(behind("http://" + place).token(TOKEN), "owner/name"))
                    .hasMessageContaining("403");
            assertThat(server.requests).last().satisfies(seen -> {
                assertThat(seen.header("Proxy-Authorization")).hasValue("Basic anZtOng=");
                assertThat(seen.header("Authorization")).as("the hub's").hasValue("Bearer " + TOKEN);
            });
        } finally {
            Authenticator.setDefault(before);
        }
        assertThatThrownBy(() -> download(behind("http://" + place), "owner/name"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("a proxy (" + place + ") that asks for a user and a password", "HTTPS_PROXY");
    }

    @Test
    void aProxyThatRefusesAHostIsNotAskedForLong() throws IOException {
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            AtomicInteger asked = new AtomicInteger();
            Thread refuses = new Thread(() -> {
                try {
                    while (true) {
                        try (Socket socket = proxy.accept()) {
                            asked.incrementAndGet();
                            socket.getInputStream().read(new byte[4096]);
                            socket.getOutputStream()
                                    .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
                        }
                    }
                } catch (IOException e) {
                    // the test is over
                }
            });
            refuses.setDaemon(true);
            refuses.start();
            String place = "localhost:" + proxy.getLocalPort();
            HubSettings settings = HubSettings.fromEnvironment(Map.of(
                            "HF_ENDPOINT",
                            "https://hub.invalid",
                            "HF_HUB_CACHE",
                            cache.toString(),
                            "HTTPS_PROXY",
                            place))
                    .transfer(TestHub.quick());

            assertThatThrownBy(() -> download(settings, "owner/name"))
                    .hasMessageContainingAll("by way of the proxy " + place + ": it refuses to connect", "403");
            assertThat(asked.get()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void aConnectionThatEndsInTheHandshakeIsNoMatterOfCertificates() throws IOException {
        try (ServerSocket closes = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        closes.accept().close();
                    }
                } catch (IOException e) {
                    // the test is over
                }
            });
            thread.setDaemon(true);
            thread.start();
            String host = "https://localhost:" + closes.getLocalPort();
            HubSettings settings = HubSettings.fromEnvironment(
                            Map.of("HF_ENDPOINT", host, "HF_HUB_CACHE", cache.toString(), "HOME", "/nowhere"))
                    .transfer(TestHub.quick());

            assertThatThrownBy(() -> download(settings, "owner/name"))
                    .hasMessageContaining("no answer from " + host)
                    .hasMessageNotContaining("trustStore");
        }
    }

    @Test
    void theWaitInTheHeaderOfTheRateLimitIsTheHubs() {
        server.misbehave(
                seen -> true,
                Integer.MAX_VALUE,
                answer -> answer.become(Answer.status(429).header("RateLimit", "\"api\";r=0;t=3000")));

        assertThatThrownBy(this::download).hasMessageContainingAll("429", "asks for a wait of 3000 seconds");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void tooManyRequestsAreWaitedForAndThenExplained() {
        server.misbehave(seen -> true, Integer.MAX_VALUE, answer -> {
            answer.become(Answer.status(429));
            answer.headers.put("Retry-After", "0");
        });

        assertThatThrownBy(this::download).hasMessageContainingAll("429", "set HF_TOKEN");
        assertThat(server.requests).hasSizeGreaterThan(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3000", "1000000000000", "Fri, 31 Dec 9999 23:59:59 GMT"})
    void anAbsurdWaitIsNotWaitedForButTold(String wait) {
        server.misbehave(
                seen -> true,
                Integer.MAX_VALUE,
                answer -> answer.become(Answer.status(503).header("Retry-After", wait)));

        assertThatThrownBy(this::download).hasMessageContainingAll("503", "asks for a wait of ", "seconds");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aStatusThatIsNoneIsNotAskedForAgain() {
        server.misbehave(seen -> true, Integer.MAX_VALUE, answer -> answer.become(Answer.status(999)));

        assertThatThrownBy(this::download).hasMessageContainingAll("999", "expected 200");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aListOfVeryManyFilesIsRefused() {
        server.misbehave(
                seen -> seen.path().startsWith("/api/models"),
                Integer.MAX_VALUE,
                answer -> answer.become(Answer.json("{\"siblings\": [" + "{\"rfilename\": \"a.txt\"}, ".repeat(400_000)
                        + "{\"rfilename\": \"a\"}]}")));

        assertThatThrownBy(this::download).hasMessageContainingAll("the file list", "more than 8388608 bytes");
    }

    @Test
    void aNameThatIsNoPathIsSaidToBeNone() throws IOException {
        String gone = closedPort();
        ModelRepository.Request request =
                new ModelRepository.Request("models/moshi", Optional.empty(), Optional.empty(), ProgressListener.NONE);
        HuggingFaceRepository repository = new HuggingFaceRepository(
                Map.of("HF_ENDPOINT", gone, "HF_HUB_CACHE", cache.toString(), "HOME", "/nowhere"));

        assertThatThrownBy(() -> repository.fetch(request))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("no answer from " + gone, "If models/moshi is meant as a path");
    }

    @Test
    void offlineTheRevisionsThatAreThereAreNamed() {
        Snapshot snapshot = download();
        String commit = snapshot.commit();

        assertThatThrownBy(() -> download(server.settings(cache).offline(true), "owner/name@other"))
                .hasMessageContainingAll("has the revisions", commit, "owner/name@" + commit);
    }

    @Test
    void offlineARevisionThatIsIncompleteIsNotAdvised() throws IOException {
        Snapshot snapshot = download();
        Files.delete(snapshot.weights());

        assertThatThrownBy(() -> download(server.settings(cache).offline(true), "owner/name"))
                .isInstanceOf(HubException.class)
                .hasMessageNotContaining("has the revisions");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            textBlock =
                    """
                    https://hub.example/x | proxy.example | 8080
                    http://hub.example/x  | none          | 0
                    https://a.inside.example/x | none     | 0
                    https://inside.example/x   | none     | 0
                    https://notinside.example/x | proxy.example | 8080
                    https://10.0.0.1/x         | none     | 0
                    https://10.0.0.2/x         | proxy.example | 8080
                    https://172.16.200.1/x     | none     | 0
                    https://172.32.0.1/x       | proxy.example | 8080
                    https://[::1]:8443/x       | none     | 0
                    https://[fd00::7]/x        | none     | 0
                    https://[fe00::7]/x        | proxy.example | 8080
                    https://port.example:8443/x | none    | 0
                    https://port.example/x     | proxy.example | 8080
                    https://Any.Star.Example./x | none    | 0
                    """)
    void theEnvironmentsProxiesAreUsed(String address, String host, int port) {
        ProxyVariables proxies = new ProxyVariables(Map.of(
                "HTTPS_PROXY",
                " http://user:secret@proxy.example:8080/ ",
                "HTTP_PROXY",
                "http://cgi.example",
                "NO_PROXY",
                ".inside.example, 10.0.0.1 172.16.0.0/12,::1,fd00::/8,port.example:8443,*.star.example,,x/y"));

        Proxy chosen = proxies.select(URI.create(address)).get(0);

        if (host == null) {
            assertThat(chosen).isEqualTo(Proxy.NO_PROXY);
        } else {
            assertThat(chosen.address()).isEqualTo(InetSocketAddress.createUnresolved(host, port));
        }
    }
}

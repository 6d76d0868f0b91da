package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.plugin.ModelRepository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
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
                    """)
    void theEnvironmentsProxiesAreUsed(String address, String host, int port) {
        ProxyVariables proxies = new ProxyVariables(Map.of(
                "HTTPS_PROXY",
                "http://proxy.example:8080",
                "HTTP_PROXY",
                "http://cgi.example",
                "NO_PROXY",
                ".inside.example, 10.0.0.1"));

        Proxy chosen = proxies.select(URI.create(address)).get(0);

        if (host == null) {
            assertThat(chosen).isEqualTo(Proxy.NO_PROXY);
        } else {
            assertThat(chosen.address()).isEqualTo(InetSocketAddress.createUnresolved(host, port));
        }
    }
}

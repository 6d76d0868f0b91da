package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names by which the server is addressed, origins of pages, and headers of all answers; sent as bytes, as no library would. */
@Timeout(60)
class HostNamesTest {
    private static final TestServer SERVER = new TestServer();

    @BeforeAll
    static void start() throws IOException {
        SERVER.token = Optional.of("sesame");
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    private static String answer(String path, String... headers) throws IOException {
        String host = String.join("\r\n", headers);
        String request = "GET " + path + " HTTP/1.1\r\n" + host + "\r\n";
        boolean upgrade = path.startsWith("/api/chat");
        request += upgrade
                ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                : "Connection: close\r\n\r\n";
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), SERVER.server().port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            byte[] first = new byte[4096];
            int count = upgrade ? socket.getInputStream().read(first) : -1;
            return upgrade
                    ? new String(first, 0, count, StandardCharsets.US_ASCII)
                    : new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String own() {
        return "Host: localhost:" + SERVER.server().port();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics?token=sesame", "/api/config", "/api/chat?token=sesame"})
    void aNameThatWasMadeToMeanThisMachineIsRefused(String path) throws IOException {
        int port = SERVER.server().port();
        assertThat(answer(path, "Host: evil.example:" + port, "Origin: http://evil.example:" + port))
                .startsWith("HTTP/1.1 421")
                .containsIgnoringCase("nosniff")
                .contains("--accept-host");
    }

    @Test
    void anOriginIsSchemeHostAndPort() throws IOException {
        String origin = "://localhost:" + SERVER.server().port();
        String path = "/api/chat?token=sesame";

        assertThat(answer(path, own(), "Origin: http" + origin)).startsWith("HTTP/1.1 101");
        assertThat(answer(path, own(), "Origin: https" + origin)).startsWith("HTTP/1.1 403");
        assertThat(answer(path, own(), "Origin: http" + origin, "Origin: http://evil.example"))
                .startsWith("HTTP/1.1 403");
        assertThat(answer(path, own(), "Origin: http" + origin, "Origin: http" + origin))
                .startsWith("HTTP/1.1 403");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/healthz", "/readyz", "/metrics", "/api/config", "/nothing", "/api/chat"})
    void everyAnswerForbidsGuessesOfItsType(String path) throws IOException {
        assertThat(answer(path, own())).containsIgnoringCase("X-Content-Type-Options: nosniff");
    }

    @Test
    void numbersAreBehindTheToken() throws IOException {
        assertThat(answer("/metrics", own())).startsWith("HTTP/1.1 401").doesNotContain("moshivis_ready");
        assertThat(answer("/metrics", own(), "Authorization: Bearer wrong")).startsWith("HTTP/1.1 401");
        assertThat(answer("/metrics", own(), "Authorization: Bearer sesame"))
                .startsWith("HTTP/1.1 200")
                .contains("moshivis_ready 1");
        assertThat(answer("/healthz", own())).startsWith("HTTP/1.1 200");
    }
}

package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.moshivis.client.Message;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in: on a server with a token, one page of another site that may connect, and few connections. */
class GateTest {
    private static final TestServer SERVER = new TestServer();

    @BeforeAll
    static void start() throws IOException {
        SERVER.slots = 1;
        SERVER.token = Optional.of("open sesame");
        SERVER.origins = Set.of("https://friend.example");
        SERVER.mostConnections = 3;
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    private static int status(String query, Map<String, String> headers) {
        return catchThrowableOfType(TestCaller.RefusedException.class, () -> SERVER.call(query, headers)
                        .close())
                .status;
    }

    private static void enters(String query, Map<String, String> headers) throws Exception {
        TestCaller caller = SERVER.call(query, headers);
        caller.next(Message.Metadata.class);
        caller.close();
        while (SERVER.metric("moshivis_callers") > 0) {
            Thread.sleep(10);
        }
    }

    @Test
    void theTokenIsShownByHeaderOrParameter() throws Exception {
        assertThat(status("", Map.of())).isEqualTo(401);
        assertThat(status("token=wrong", Map.of())).isEqualTo(401);
        assertThat(status("", Map.of("Authorization", "Bearer open"))).isEqualTo(401);
        assertThat(status("", Map.of("Authorization", "Basic open sesame"))).isEqualTo(401);
        enters("token=open+sesame", Map.of());
        enters("", Map.of("Authorization", "Bearer open sesame"));
        assertThat(SERVER.metric("moshivis_rejected_total{reason=\"token\"}")).isGreaterThanOrEqualTo(4);
    }

    @Test
    void pagesOfOtherSitesAreKeptOut() throws Exception {
        String token = "token=open%20sesame";
        assertThat(status(token, Map.of("Origin", "https://evil.example"))).isEqualTo(403);
        assertThat(status(token, Map.of("Origin", "null"))).isEqualTo(403);
        assertThat(status(token, Map.of("Origin", "http://localhost:1"))).isEqualTo(403);
        enters(token, Map.of("Origin", "https://friend.example"));
        enters(token, Map.of("Origin", "http://localhost:" + SERVER.server().port()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text_temperature=NaN",
                "text_temperature=Infinity",
                "text_temperature=warm",
                "text_temperature=",
                "text_temperature=0x1p3",
                "text_topk=2.5",
                "text_topk=1&text_topk=2",
                "audio_seed=-",
                "center_crop=perhaps",
                "audio_format=mp3",
                "max_steps=ten",
                "text_topk=%FF"
            })
    void whatIsNoNumberIsRefusedBeforeTheUpgrade(String query) {
        assertThat(status("token=open%20sesame&" + query, Map.of())).isEqualTo(400);
    }

    @Test
    void thereAreNoMoreConnectionsThanAllowed() throws Exception {
        Map<String, String> token = Map.of("Authorization", "Bearer open sesame");
        for (int i = 0; i < 3; i++) {
            SERVER.call("", token).send(new Message.Image(TestServer.picture())).next(Message.Metadata.class);
        }
        while (SERVER.metric("moshivis_messages_received_total{kind=\"Image\"}") < 3) {
            Thread.sleep(10);
        }
        assertThat(status("", token)).isEqualTo(503);
        SERVER.callers.forEach(TestCaller::close);
        while (SERVER.metric("moshivis_callers") > 0) {
            Thread.sleep(10);
        }
        enters("", token);
    }

    @Test
    void ofTooManyTheOneThatHasBeenSilentForLongestGivesWay() throws Exception {
        Map<String, String> token = Map.of("Authorization", "Bearer open sesame");
        TestCaller first = SERVER.call("", token);
        first.next(Message.Metadata.class);
        SERVER.call("", token).next(Message.Metadata.class);
        SERVER.call("", token).next(Message.Metadata.class);
        assertThat(status("", Map.of())).as("without the token").isEqualTo(401);
        SERVER.call("", token).next(Message.Metadata.class);
        first.closed();
        SERVER.callers.forEach(TestCaller::close);
        while (SERVER.metric("moshivis_callers") > 0) {
            Thread.sleep(10);
        }
    }

    @Test
    void oneAddressMayNotComeTooOften() throws Exception {
        try (TestServer strict = new TestServer()) {
            strict.perMinute = 2;
            strict.loading = () -> {
                throw new IllegalStateException("never loaded");
            };
            assertThatThrownBy(strict::start).hasMessage("never loaded");
            for (int status : new int[] {503, 503, 429, 429}) {
                TestCaller.RefusedException refused =
                        catchThrowableOfType(TestCaller.RefusedException.class, () -> strict.call(""));
                assertThat(refused.status).isEqualTo(status);
            }
            assertThat(strict.get("/readyz").statusCode()).isEqualTo(503);
            assertThat(strict.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(strict.metric("moshivis_ready")).isZero();
            assertThat(strict.metric("moshivis_rejected_total{reason=\"rate\"}"))
                    .isEqualTo(2);
            assertThat(strict.metric("moshivis_rejected_total{reason=\"not_ready\"}"))
                    .isEqualTo(2);
        }
    }
}

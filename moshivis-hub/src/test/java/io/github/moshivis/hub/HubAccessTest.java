package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.io.ProgressListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may read what, where the token goes, and what is said to whom it is refused. */
class HubAccessTest {
    private static final String TOKEN = "hf_veryS3cret";

    @TempDir
    Path cache;

    private TestHub server;
    private TestRepo repo;

    @BeforeEach
    void start() throws IOException {
        server = new TestHub();
        repo = server.serve(TestRepo.model("owner/name", TestRepo.commit(1), 200_000));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Snapshot download(HubSettings settings, String name) {
        try (Hub hub = Hub.open(settings)) {
            return hub.download(ModelName.parse(name), Optional.empty(), ProgressListener.NONE);
        }
    }

    private HubSettings withToken() {
        return server.settings(cache).withToken(TOKEN);
    }

    @Test
    void theTokenGoesToTheHubAndNowhereElse() {
        download(withToken(), "owner/name");

        assertThat(server.requests(seen -> !seen.storage()))
                .isNotEmpty()
                .allMatch(seen -> seen.header("Authorization").orElse("").equals("Bearer " + TOKEN));
        assertThat(server.requests(TestHub.Seen::storage)).isNotEmpty().allMatch(seen -> seen.header("Authorization")
                .isEmpty());
    }

    @Test
    void theTokenDoesNotFollowARedirectToAnotherHost() {
        server.misbehave(
                seen -> seen.path().contains("resolve-cache") && seen.method().equals("GET"),
                1,
                answer -> answer.become(Answer.status(302)
                        .header("Location", server.storage() + "/owner/name/" + repo.commit + "/" + TestRepo.YAML)));

        download(withToken(), "owner/name");

        List<TestHub.Seen> elsewhere = server.requests(TestHub.storageOf(TestRepo.YAML));
        assertThat(elsewhere).hasSize(1).allMatch(seen -> seen.header("Authorization")
                .isEmpty());
    }

    @Test
    void theTokenIsFoundInOptionThenVariableThenFile() throws IOException {
        Path file = Files.writeString(cache.resolve("my-token"), " hf_fromFile\n");
        Map<String, String> environment = new HashMap<>(server.environment(cache));
        environment.put("HF_TOKEN_PATH", file.toString());
        assertThat(sentWith(HubSettings.fromEnvironment(environment))).isEqualTo("Bearer hf_fromFile");

        environment.put("HF_TOKEN", "hf_fromVariable\n");
        assertThat(sentWith(HubSettings.fromEnvironment(environment))).isEqualTo("Bearer hf_fromVariable");

        assertThat(sentWith(HubSettings.fromEnvironment(environment).withToken(TOKEN)))
                .isEqualTo("Bearer " + TOKEN);
    }

    @Test
    void theTokenIsFoundInTheHomeOfTheHub() throws IOException {
        Path home = Files.createDirectories(cache.resolve("home"));
        Files.writeString(home.resolve("token"), "hf_atHome");
        Map<String, String> environment = new HashMap<>(server.environment(cache));
        environment.put("HF_HOME", home.toString());

        assertThat(sentWith(HubSettings.fromEnvironment(environment))).isEqualTo("Bearer hf_atHome");
    }

    private String sentWith(HubSettings settings) {
        server.requests.clear();
        download(settings.withTransfer(TestHub.quick()), "owner/name");
        return server.requests.get(0).header("Authorization").orElse("none");
    }

    @Test
    void noTokenIsSentWhereThereIsNone() {
        download(server.settings(cache), "owner/name");

        assertThat(server.requests)
                .allMatch(seen -> seen.header("Authorization").isEmpty());
    }

    @Test
    void aMalformedTokenIsRefusedWithoutBeingRepeated() {
        assertThatThrownBy(() -> server.settings(cache).withToken("hf_abc\nX-Evil: 1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("access token", "printable")
                .hasMessageNotContaining("hf_abc")
                .hasMessageNotContaining("Evil");
    }

    @Test
    void theTokenAppearsInNoLogExceptionOrDescription() {
        StringWriter said = new StringWriter();
        Logger logger = Logger.getLogger("io.github.moshivis.hub");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                said.append(new java.util.logging.SimpleFormatter().format(record));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.setLevel(Level.ALL);
        logger.addHandler(handler);
        try {
            server.misbehave(
                    TestHub.storageOf(TestRepo.LM), Integer.MAX_VALUE, answer -> answer.become(Answer.status(500)));
            download(withToken(), "owner/name");
        } catch (HubException e) {
            e.printStackTrace(new PrintWriter(said));
        } finally {
            logger.removeHandler(handler);
            logger.setLevel(null);
        }
        said.append(withToken().toString());
        said.append(AccessToken.of(TOKEN).toString());

        assertThat(said.toString())
                .contains("Attempt 1 of 4", "HubException", "token=given")
                .doesNotContain(TOKEN)
                .as("the signature of a storage address")
                .doesNotContain("Signature");
    }

    @Test
    void aGatedModelSaysWhereToAcceptItsLicence() {
        server.misbehave(
                seen -> seen.path().contains("/resolve/"),
                Integer.MAX_VALUE,
                answer -> answer.become(Answer.status(403)
                        .header("X-Error-Code", "GatedRepo")
                        .header("X-Error-Message", "Access to model owner/name is restricted")));

        assertThatThrownBy(() -> download(server.settings(cache), "owner/name"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll(
                        "gated",
                        "accept its licence at " + server.endpoint() + "/owner/name",
                        "HF_TOKEN",
                        "hf auth login");
        assertThatThrownBy(() -> download(withToken(), "owner/name"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("accept its licence at", "another token")
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void aModelThatIsUnknownOrPrivateSaysBoth() {
        assertThatThrownBy(() -> download(server.settings(cache), "owner/nonesuch"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("401", "RepoNotFound", "check the name", "private or gated", "log in");
    }

    @Test
    void anUnknownRevisionSaysWhereTheyAreListed() {
        assertThatThrownBy(() -> download(server.settings(cache), "owner/name@nonesuch"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("RevisionNotFound", "nonesuch", "/owner/name/refs");
    }

    @Test
    void aRefusalSaysWhomToAsk() {
        server.misbehave(seen -> true, Integer.MAX_VALUE, answer -> answer.become(Answer.status(403)));

        assertThatThrownBy(() -> download(server.settings(cache), "owner/name"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("403", "ask its owner");
    }

    @Test
    void aRefusalIsNotTriedAgain() {
        server.misbehave(seen -> true, Integer.MAX_VALUE, answer -> answer.become(Answer.status(403)));

        assertThatThrownBy(() -> download(server.settings(cache), "owner/name")).isInstanceOf(HubException.class);

        assertThat(server.requests).hasSize(1);
    }

    @Test
    void whatAServerSaysCannotForgeALogLine() {
        server.misbehave(
                seen -> true,
                Integer.MAX_VALUE,
                answer -> answer.become(Answer.status(403).header("X-Error-Message", "x".repeat(5000))));

        assertThatThrownBy(() -> download(server.settings(cache), "owner/name"))
                .isInstanceOf(HubException.class)
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(600));
    }

    @Test
    void offlineOpensNoSocketAndSaysWhatIsMissing() throws IOException {
        HubSettings offline = server.settings(cache).withOffline(true);

        assertThatThrownBy(() -> download(offline, "owner/name"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("owner/name", "offline", "revision main", cache.toString(), "HF_HUB_OFFLINE");
        assertThat(server.requests).isEmpty();

        Snapshot online = download(server.settings(cache), "owner/name");
        server.requests.clear();
        assertThat(download(offline, "owner/name")).isEqualTo(online);
        assertThat(download(offline, "owner/name@" + repo.commit)).isEqualTo(online);
        Files.delete(online.directory().resolve(TestRepo.TEXT));
        assertThatThrownBy(() -> download(offline, "owner/name"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining(TestRepo.TEXT);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void theProxyOfTheJvmIsUsed() {
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(new Proxy(
                        Proxy.Type.HTTP,
                        new InetSocketAddress("127.0.0.1", server.endpoint().getPort())));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
        try {
            HubSettings settings = HubSettings.fromEnvironment(Map.of(
                            "HF_ENDPOINT", "http://hub.invalid", "HF_HUB_CACHE", cache.toString(), "HOME", "/nowhere"))
                    .withTransfer(TestHub.quick());
            server.misbehave(seen -> true, 1, answer -> answer.become(Answer.status(403)));

            assertThatThrownBy(() -> download(settings, "owner/name")).hasMessageContaining("403");

            assertThat(server.requests.get(0).header("Host")).hasValue("hub.invalid");
        } finally {
            ProxySelector.setDefault(before);
        }
    }
}

package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.HubException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Where the token comes from, where it goes, and where it does not appear. */
class HubTokenTest extends WithTestHub {
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

        assertThat(sentWith(HubSettings.fromEnvironment(environment).token(TOKEN)))
                .isEqualTo("Bearer " + TOKEN);
    }

    @Test
    void aTokenFileThatIsNoneIsNotReadToItsEnd() throws IOException {
        Path file = Files.write(cache.resolve("my-token"), new byte[1 << 17]);
        Map<String, String> environment = new HashMap<>(server.environment(cache));
        environment.put("HF_TOKEN_PATH", file.toString());

        assertThatThrownBy(() -> HubSettings.fromEnvironment(environment))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll(file.toString(), "more than 65536 bytes", "HF_TOKEN_PATH");
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
        download(settings.transfer(TestHub.quick()), "owner/name");
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
        assertThatThrownBy(() -> server.settings(cache).token("hf_abc\nX-Evil: 1"))
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
}

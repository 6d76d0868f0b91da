package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.HubException;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What is said to those whom a hub refuses, and to those who are offline. */
class HubAccessTest extends WithTestHub {
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
                        "accept its license at " + server.endpoint() + "/owner/name",
                        "HF_TOKEN",
                        "hf auth login");
        assertThatThrownBy(() -> download(withToken(), "owner/name"))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("accept its license at", "another token")
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
        HubSettings offline = server.settings(cache).offline(true);

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
}

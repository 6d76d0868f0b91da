package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.HubException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** One file of a repository that need not be a model. */
class HubFileTest extends WithTestHub {
    private static final String NAME = "vis_dist.tgz";

    private Path fetch(HubSettings settings, String name) {
        try (Hub hub = Hub.open(settings)) {
            return hub.file(ModelName.parse("owner/page"), name, progress);
        }
    }

    @Test
    void isFetchedOnceAndThenFoundInTheCache() throws IOException {
        TestRepo page =
                server.serve(new TestRepo("owner/page", TestRepo.commit(7)).with(NAME, Content.random(9, 70_000)));

        Path file = fetch(server.settings(cache), NAME);
        assertThat(Files.readAllBytes(file)).isEqualTo(page.bytes(NAME));

        long sent = server.bytesSent.get();
        assertThat(fetch(server.settings(cache).offline(true), NAME)).isEqualTo(file);
        assertThat(server.bytesSent.get()).isEqualTo(sent);
        assertThat(fetch(server.settings(cache), NAME)).isEqualTo(file);
        assertThat(server.bytesSent.get() - sent)
                .as("the list of files is asked for again")
                .isLessThan(10_000);

        server.close();
        assertThat(fetch(server.settings(cache), NAME))
                .as("no hub, but a cache")
                .isEqualTo(file);
    }

    @Test
    void thatIsNotThereIsAnErrorThatNamesIt() {
        server.serve(new TestRepo("owner/page", TestRepo.commit(7)).with("other.txt", Content.of("hello")));
        assertThatThrownBy(() -> fetch(server.settings(cache), NAME))
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll(NAME, "owner/page", "no such file");
        assertThatThrownBy(() -> fetch(server.settings(cache), "../other.txt")).isInstanceOf(HubException.class);
        assertThatThrownBy(() -> fetch(server.settings(cache).offline(true), NAME))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("offline");
    }
}

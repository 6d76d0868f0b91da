package io.github.moshivis.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with a hub that serves one model, an empty cache, and a listener that remembers. */
abstract class WithTestHub {
    static final int LM_BYTES = 300_001;

    /** The token of {@link #withToken}. */
    static final String TOKEN = "hf_veryS3cret";

    @TempDir
    Path cache;

    TestHub server;
    TestRepo repo;
    final Recorded progress = new Recorded();

    @BeforeEach
    void start() throws IOException {
        server = new TestHub();
        repo = server.serve(TestRepo.model("owner/name", TestRepo.commit(1), LM_BYTES));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    HubSettings withToken() {
        return server.settings(cache).token(TOKEN);
    }

    Snapshot download() {
        return download("owner/name");
    }

    Snapshot download(String name) {
        return download(server.settings(cache), name, Optional.empty());
    }

    Snapshot download(HubSettings settings, String name) {
        return download(settings, name, Optional.empty());
    }

    Snapshot download(HubSettings settings, String name, Optional<ModelFormat> format) {
        try (Hub hub = Hub.open(settings)) {
            return hub.download(ModelName.parse(name), format, progress);
        }
    }
}

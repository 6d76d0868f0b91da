package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.TinyPersonaPlex;
import io.github.moshivis.hub.Content;
import io.github.moshivis.hub.TestHub;
import io.github.moshivis.hub.TestRepo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code MoshiVis.load("owner/name")} from the name to the tokens: a JVM whose environment names the hub and an empty cache loads
 * the golden model.
 */
class HubLoadTest {
    @TempDir
    Path directory;

    private TestHub server;
    private TestRepo latest;
    private TestRepo tagged;

    @BeforeEach
    void start() throws Exception {
        server = new TestHub();
        latest = server.serve(new TestRepo("owner/name", TestRepo.commit(1))
                .withFilesOf(Golden.path("e2e/model"))
                .with("model.q8.safetensors", Content.random(8, 100)));
        tagged = new TestRepo("owner/name", TestRepo.commit(2)).withFilesOf(Golden.path("e2e/model"));
        server.serveAs(tagged, "v1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<HubLoad.Loaded> load(boolean offline, String... models) throws Exception {
        Map<String, String> environment = new HashMap<>(server.environment(directory.resolve("cache")));
        environment.put("HF_HUB_OFFLINE", offline ? "1" : "0");
        Path log = directory.resolve("log");
        Path results = directory.resolve("results.json");
        String[] arguments = new String[models.length + 1];
        arguments[0] = results.toString();
        System.arraycopy(models, 0, arguments, 1, models.length);
        Process child = ChildJvm.start(environment, log, HubLoad.class, arguments);
        assertThat(child.waitFor()).as(() -> ChildJvm.read(log)).isZero();
        return new ObjectMapper().readValue(results.toFile(), new TypeReference<List<HubLoad.Loaded>>() {});
    }

    @Test
    void aModelIsLoadedByItsNameAndLaterWithoutTheHub() throws Exception {
        List<List<Integer>> expected;
        try (MoshiVis model = MoshiVis.load(Cli.MODEL)) {
            expected = HubLoad.tokens(model);
        }
        assertThat(expected).isNotEmpty();

        List<HubLoad.Loaded> online = load(
                false, "owner/name", "-", "hf_mine", "-", "owner/name@v1", "-", "-", "-", "owner/name", "v1", "-", "-");

        assertThat(online).hasSize(3).allMatch(loaded -> loaded.tokens().equals(expected));
        assertThat(online.get(0).fetched())
                .isEqualTo(latest.files.keySet().stream()
                        .filter(name -> !name.equals("model.q8.safetensors"))
                        .collect(java.util.stream.Collectors.toSet()));
        assertThat(online.get(2).fetched()).as("at the revision that is there").isEmpty();
        assertThat(server.requests.get(0).header("Authorization")).hasValue("Bearer hf_mine");
        Path folder = directory.resolve("cache/models--owner--name");
        assertThat(folder.resolve("refs/main")).hasContent(latest.commit);
        assertThat(folder.resolve("refs/v1")).hasContent(tagged.commit);

        server.close();
        List<HubLoad.Loaded> offline =
                load(true, "owner/name", "-", "-", "-", "owner/name@" + tagged.commit, "-", "-", "-");

        assertThat(offline).hasSize(2).allMatch(loaded -> loaded.tokens().equals(expected));
        assertThat(offline).allMatch(loaded -> loaded.fetched().isEmpty());
    }

    @Test
    void theVoicesOfAReleaseComeWithItAndAnAdapterIsFetchedByItsName() throws Exception {
        Path roles = Files.createDirectory(directory.resolve("roles"));
        TinyPersonaPlex.write(roles);
        server.serve(new TestRepo("owner/roles", TestRepo.commit(4)).withFilesOf(roles));
        String folder = "checkpoints/checkpoint_000100/consolidated"; // as moshi-finetune writes them
        server.serve(new TestRepo("owner/run", TestRepo.commit(3))
                .withFilesOf(Golden.path("lora/vis/adapter"), folder + "/"));
        List<List<Integer>> expected;
        try (MoshiVis model = MoshiVis.load(roles)) {
            expected = HubLoad.tokens(model);
        }

        List<HubLoad.Loaded> loaded =
                load(false, "owner/roles", "-", "-", "-", "owner/name", "v1", "-", "owner/run/" + folder);

        assertThat(loaded.get(0).tokens()).isEqualTo(expected);
        assertThat(loaded.get(0).fetched()).contains("voices.tgz");
        assertThat(loaded.get(1).fetched()).contains(folder + "/lora.safetensors");
        assertThat(loaded.get(1).failure())
                .as("the adapter of another model")
                .contains("Cannot fuse the adapter", "models--owner--run", folder, "expected [4, 32]");
    }
}

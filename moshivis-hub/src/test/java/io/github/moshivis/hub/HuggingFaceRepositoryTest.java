package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.plugin.ModelRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceRepositoryTest {
    @TempDir
    Path cache;

    private TestHub server;
    private TestRepo repo;

    @BeforeEach
    void start() throws IOException {
        server = new TestHub();
        repo = server.serve(TestRepo.model("owner/name", TestRepo.commit(1), 1000));
        server.serveAs(repo, "v1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path fetch(String name, Optional<String> revision, Optional<String> token) {
        return new HuggingFaceRepository(server.environment(cache))
                .fetch(new ModelRepository.Request(name, revision, token, ProgressListener.NONE));
    }

    @Test
    void coreFindsItThroughTheServiceLoader() {
        assertThat(ServiceLoader.load(ModelRepository.class)).hasExactlyElementsOfTypes(HuggingFaceRepository.class);
    }

    @Test
    void itAcceptsNamesOfTheHubOnly() {
        ModelRepository repository = new HuggingFaceRepository();

        assertThat(repository.accepts("owner/name")).isTrue();
        assertThat(repository.accepts("owner/name@v1")).isTrue();
        assertThat(repository.accepts("/some/folder")).isFalse();
        assertThat(repository.accepts("model")).isFalse();
    }

    @Test
    void itDeliversTheWeightsWithTheOtherFilesBesideThem() {
        Path weights = fetch("owner/name", Optional.empty(), Optional.empty());

        assertThat(weights).hasFileName(TestRepo.LM).hasBinaryContent(repo.bytes(TestRepo.LM));
        assertThat(weights.resolveSibling(TestRepo.MIMI)).exists();
    }

    @Test
    void whichFormatItDeliversDoesNotDependOnWhatElseWasFetchedBefore() {
        repo.with("model.q8.safetensors", Content.random(8, 1000));
        try (Hub hub = Hub.open(server.settings(cache))) {
            Snapshot quantized = hub.download(repo.model(), Optional.of(ModelFormat.MLX_Q8), ProgressListener.NONE);
            assertThat(quantized.weights()).hasFileName("model.q8.safetensors");
        }

        Path weights = fetch("owner/name", Optional.empty(), Optional.empty());

        assertThat(weights).hasFileName(TestRepo.LM);
        assertThat(weights.resolveSibling("model.q8.safetensors")).exists();
    }

    @Test
    void theRevisionMayBeGivenInEitherPlaceButNotTwo() {
        Path weights = fetch("owner/name@v1", Optional.of("v1"), Optional.empty());
        assertThat(fetch("owner/name", Optional.of("v1"), Optional.empty())).isEqualTo(weights);
        assertThat(cache.resolve("models--owner--name/refs/v1")).hasContent(repo.commit);

        assertThatThrownBy(() -> fetch("owner/name@v1", Optional.of("v2"), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("owner/name@v1", "\"v2\"", "two revisions");
    }

    @Test
    void theTokenOfTheRequestIsUsed() {
        fetch("owner/name", Optional.empty(), Optional.of("hf_given"));

        assertThat(server.requests.get(0).header("Authorization")).hasValue("Bearer hf_given");
    }

    @Test
    void storedVoicesAreDeliveredIfThereAreAny() {
        repo.with("voices.tgz", Content.random(9, 2000));

        Path weights = fetch("owner/name", Optional.empty(), Optional.empty());

        assertThat(weights.resolveSibling("voices.tgz")).hasBinaryContent(repo.bytes("voices.tgz"));
    }

    @Test
    void namedFilesAreDeliveredAndNoOthers() {
        Path directory = new HuggingFaceRepository(server.environment(cache))
                .fetchFiles(
                        new ModelRepository.Request(
                                "owner/name", Optional.empty(), Optional.empty(), ProgressListener.NONE),
                        List.of(TestRepo.YAML, TestRepo.TEXT));

        assertThat(directory.resolve(TestRepo.YAML)).hasBinaryContent(repo.bytes(TestRepo.YAML));
        assertThat(directory.resolve(TestRepo.TEXT)).exists();
        assertThat(directory.resolve(TestRepo.LM)).doesNotExist();
    }

    @Test
    void aFolderOfARepositoryIsNamedBehindIt() {
        ModelRepository repository = new HuggingFaceRepository();

        assertThat(repository.acceptsFolder("owner/name")).isTrue();
        assertThat(repository.acceptsFolder("owner/name/checkpoints/one@v1")).isTrue();
        for (String wrong :
                List.of("/owner/name/folder", "owner/name/", "owner/name/../other", "owner//folder", "name")) {
            assertThat(repository.acceptsFolder(wrong)).as(wrong).isFalse();
        }
        assertThat(repository.accepts("owner/name/folder"))
                .as("a model stands at the top")
                .isFalse();
    }

    @Test
    void filesOfAFolderAreDeliveredAndAWrongFolderIsToldTheRightOne() {
        String folder = "checkpoints/checkpoint_000100/consolidated";
        repo.with(folder + "/lora.safetensors", Content.random(9, 2000))
                .with(folder + "/config.json", Content.of("{}"));
        HuggingFaceRepository hub = new HuggingFaceRepository(server.environment(cache));

        Path directory = fetchAdapter(hub, "owner/name/" + folder + "@v1");

        assertThat(directory).endsWith(Path.of("checkpoints", "checkpoint_000100", "consolidated"));
        assertThat(directory.resolve("lora.safetensors")).hasBinaryContent(repo.bytes(folder + "/lora.safetensors"));
        assertThat(directory.resolve("config.json")).hasContent("{}");
        assertThatThrownBy(() -> fetchAdapter(hub, "owner/name/checkpoints"))
                .hasMessageContainingAll("checkpoints/config.json", folder + "/config.json", "is meant as a path");
    }

    private static Path fetchAdapter(HuggingFaceRepository hub, String name) {
        return hub.fetchFiles(
                new ModelRepository.Request(name, Optional.empty(), Optional.empty(), ProgressListener.NONE),
                List.of("config.json", "lora.safetensors"));
    }
}

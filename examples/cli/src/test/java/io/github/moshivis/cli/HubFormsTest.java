package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.ConvertOptions;
import io.github.moshivis.hub.Content;
import io.github.moshivis.hub.HuggingFaceRepository;
import io.github.moshivis.hub.TestHub;
import io.github.moshivis.hub.TestRepo;
import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.layout.ModelLayout;
import io.github.moshivis.plugin.ModelRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that the hub fetches are the files that the loader needs, in each form and under other names. */
class HubFormsTest {
    private static final Path MODEL = Golden.path("e2e/model");
    private static final Path STT = Golden.path("stt/model");

    @TempDir
    Path scratch;

    @ParameterizedTest
    @EnumSource
    void loads(Checkpoint.Form form) throws IOException {
        Path converted = scratch.resolve("converted");
        Checkpoint.open(MODEL).convert(form, converted, ConvertOptions.defaults());

        assertLoads(new TestRepo("owner/name", TestRepo.commit(1)).withFilesOf(converted));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void loadsQuantized(int bits) throws IOException {
        Path quantized = scratch.resolve("quantized");
        Checkpoint.open(MODEL).quantize(bits, 32, quantized, ConvertOptions.defaults());

        assertLoads(new TestRepo("owner/name", TestRepo.commit(1)).withFilesOf(quantized));
    }

    @Test
    void loadsFromCompanionsOfOtherNamesThatNoConfigurationMentions() throws IOException {
        TestRepo repo = new TestRepo("owner/name", TestRepo.commit(1)).withFilesOf(MODEL);
        rename(repo, ModelLayout.Companion.TOKENIZER, "tokenizer_spm_other.model");
        rename(repo, ModelLayout.Companion.MIMI, "tokenizer-other.safetensors");
        repo.with(
                ModelLayout.YAML,
                Content.of(Files.readString(MODEL.resolve(ModelLayout.YAML))
                        .replaceAll("(?m)^(text_tokenizer|mimi_codec):.*\\R", "")));

        assertLoads(repo);
    }

    /** The released repositories of speech to text: plain, for the Rust server, and MLX; and the files as the golden model has them. */
    @ParameterizedTest
    @ValueSource(strings = {"golden", "PYTORCH", "CANDLE", "MLX"})
    void speechToTextIsFetchedByItsName(String form) throws IOException {
        Path files = STT;
        if (!form.equals("golden")) {
            files = scratch.resolve("converted");
            Checkpoint.open(STT).convert(Checkpoint.Form.valueOf(form), files, ConvertOptions.defaults());
        }
        TestRepo repo = new TestRepo("owner/stt", TestRepo.commit(1)).withFilesOf(files);
        repo.with("README.md", Content.of("# A model"));
        Path sound = Golden.path("stt/e2e/input.wav");
        String local;
        try (SpeechToText stt = SpeechToText.load(STT)) {
            local = stt.transcribe(sound).text();
        }
        try (TestHub server = new TestHub()) {
            server.serve(repo);
            Cli.Outcome outcome =
                    Cli.run(server.environment(scratch.resolve("cache")), "transcribe", "--model", "owner/stt", sound);
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            assertThat(outcome.out().strip()).isEqualTo(local).isNotEmpty();
        }
    }

    private static void rename(TestRepo repo, ModelLayout.Companion kind, String name) {
        TestRepo.TestFile file = repo.files.remove(kind.released());
        repo.with(name, file.content());
    }

    private void assertLoads(TestRepo repo) throws IOException {
        try (TestHub server = new TestHub()) {
            server.serve(repo);
            Path weights = new HuggingFaceRepository(server.environment(scratch.resolve("cache")))
                    .fetch(new ModelRepository.Request(
                            "owner/name", Optional.empty(), Optional.empty(), ProgressListener.NONE));
            try (MoshiVis model = MoshiVis.load(weights)) {
                assertThat(HubLoad.tokens(model)).isNotEmpty();
            }
        }
    }
}

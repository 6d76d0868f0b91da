package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.hub.Content;
import io.github.moshivis.hub.TestHub;
import io.github.moshivis.hub.TestRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code download}, {@code cache}, and {@code --model OWNER/NAME}, against a hub on this machine. */
class HubCommandsTest {
    private static final String Q8 = "model.q8.safetensors";

    @TempDir
    Path directory;

    private TestHub server;
    private TestRepo repo;
    private Path snapshots;

    @BeforeEach
    void start() throws IOException {
        server = new TestHub();
        repo = server.serve(TestRepo.model("owner/name", TestRepo.commit(1), 200_000));
        server.serveAs(repo, "v1");
        snapshots = directory.resolve("cache/models--owner--name/snapshots");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Cli.Outcome run(Object... args) {
        return Cli.run(server.environment(directory.resolve("cache")), args);
    }

    @Test
    void downloadFetchesAModelAndPrintsThePathForModel() {
        Cli.Outcome outcome = run("download", "owner/name");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        Path weights = snapshots.resolve(repo.commit).resolve(TestRepo.LM);
        assertThat(outcome.out()).isEqualTo(weights + System.lineSeparator());
        assertThat(weights).hasBinaryContent(repo.bytes(TestRepo.LM));
        assertThat(outcome.err().lines())
                .as("where no terminal is, a line for each file")
                .hasSize(4)
                .contains("model.safetensors: done, 200.0 kB");
    }

    @Test
    void downloadSaysNothingOfWhatIsThereAlready() {
        Cli.Outcome first = run("download", "owner/name");

        Cli.Outcome second = run("download", "owner/name");

        assertThat(second.out()).isEqualTo(first.out());
        assertThat(second.err()).isEmpty();
    }

    @Test
    void aPathThatDoesNotExistIsSaidToBeNone() {
        Cli.Outcome outcome = run("inspect", "models/moshi.safetensors");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("If models/moshi.safetensors is meant as a path: there is none in ");
    }

    @Test
    void downloadTakesTheRevisionInEitherPlaceButNotTwo() {
        assertThat(run("download", "owner/name@v1").exitCode()).isZero();
        assertThat(run("download", "owner/name", "--revision", "v1").exitCode()).isZero();
        assertThat(directory.resolve("cache/models--owner--name/refs/v1")).hasContent(repo.commit);

        refuses(2, "two revisions", run("download", "owner/name@v1", "--revision", "v2"));
        refuses(1, "RevisionNotFound", run("download", "owner/name@v2"));
    }

    @Test
    void downloadTakesAFormatInAnyCase() {
        repo.with(Q8, Content.random(8, 1000));

        assertThat(run("download", "owner/name", "--format", "mlx-q8").out()).endsWith(Q8 + System.lineSeparator());
        assertThat(snapshots.resolve(repo.commit).resolve(TestRepo.LM)).doesNotExist();
        assertThat(run("download", "owner/name", "--format", "MLX_Q8").exitCode())
                .isZero();
        assertThat(run("download", "owner/name").out()).endsWith(TestRepo.LM + System.lineSeparator());
        refuses(1, "mlx-q4", run("download", "owner/name", "--format", "mlx-q4"));
        refuses(
                2,
                "\"onnx\" expected safetensors, mlx-q8, mlx-q4, gguf",
                run("download", "owner/name", "--format", "onnx"));
    }

    @Test
    void downloadTakesTheTokenFromAFileAndNeverFromTheCommandLine() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "hf_mine\n");

        Cli.Outcome outcome = run("download", "owner/name", "--token-file", token);

        assertThat(server.requests.get(0).header("Authorization")).hasValue("Bearer hf_mine");
        assertThat(outcome.out() + outcome.err()).doesNotContain("hf_mine");
        refuses(2, "--token-file none expected", run("download", "owner/name", "--token-file", "none"));
        Path large = Files.write(directory.resolve("large"), new byte[(1 << 16) + 1]);
        refuses(2, "more than 65536 bytes", run("download", "owner/name", "--token-file", large));
        refuses(2, "Unknown option --token=hf_mine", run("download", "owner/name", "--token=hf_mine"));
    }

    @Test
    void downloadSaysWhatIsWrongInOneLine() {
        refuses(2, "nonesuch owner/name", run("download", "nonesuch"));
        refuses(2, "OWNER/NAME", run("download"));
        refuses(1, "owner/nonesuch RepoNotFound log in", run("download", "owner/nonesuch"));
        Map<String, String> offline = new HashMap<>(server.environment(directory.resolve("cache")));
        offline.put("HF_HUB_OFFLINE", "1");
        refuses(1, "offline HF_HUB_OFFLINE", Cli.run(offline, "download", "owner/name"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // where a process cannot be asked to end
    void downloadThatIsBrokenOffSaysSoAndGoesOnWhereItWas() throws Exception {
        server.misbehave(TestHub.storageOf(TestRepo.LM), 1, answer -> {
            answer.chunkBytes = 10_000;
            answer.pauseMillis = 100;
        });
        Path log = directory.resolve("log");
        Process child = ChildJvm.start(
                server.environment(directory.resolve("cache")), log, Main.class, "download", "owner/name");
        while (server.requests(seen -> TestHub.storageOf(TestRepo.LM).test(seen) && seen.sent() > 50_000)
                .isEmpty()) {
            assertThat(child.waitFor(10, TimeUnit.MILLISECONDS))
                    .as(() -> "the download ended early: " + ChildJvm.read(log))
                    .isFalse();
        }
        child.destroy(); // ends it as Ctrl-C does
        child.waitFor();

        assertThat(ChildJvm.read(log).lines())
                .anyMatch(line -> line.startsWith("model.safetensors: stopped, "))
                .last()
                .asString()
                .startsWith("moshivis: The download was cancelled")
                .contains("what was fetched is kept", "start it again");
        assertThat(run("cache", "list").out()).contains("unfinished: ");
        server.bytesSent.set(0);
        Cli.Outcome resumed = run("download", "owner/name");
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(resumed.err().lines()).as("only what was missing").hasSize(1);
        assertThat(server.bytesSent.get()).isLessThan(170_000);
    }

    @Test
    void cacheListsWhatIsThere() {
        assertThat(run("cache", "list").out())
                .contains("0 models", directory.resolve("cache").toString());
        run("download", "owner/name@v1");

        Cli.Outcome outcome = run("cache", "list");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out().lines())
                .hasSize(3)
                .satisfiesExactly(
                        model -> assertThat(model).startsWith("owner/name  2").endsWith(" kB"),
                        revision -> assertThat(revision)
                                .startsWith("  " + repo.commit.substring(0, 12) + "  v1  4 files, 273.0 kB"),
                        total -> assertThat(total).startsWith("1 model, "));
    }

    @Test
    void cacheVerifiesAllOrWhatIsNamed() throws IOException {
        run("download", "owner/name");
        Cli.Outcome fine = run("cache", "verify");
        assertThat(fine.out()).isEqualTo("owner/name: 4 files right, 0 wrong" + System.lineSeparator());
        assertThat(fine.exitCode()).isZero();

        Files.write(
                directory.resolve("cache/models--owner--name/blobs/"
                        + repo.files.get(TestRepo.LM).etag()),
                new byte[200_000]);
        Cli.Outcome damaged = run("cache", "verify", "owner/name@main");

        assertThat(damaged.exitCode()).isEqualTo(1);
        assertThat(damaged.out().lines())
                .hasSize(2)
                .contains("owner/name@main: 3 files right, 1 wrong")
                .anyMatch(line -> line.startsWith("owner/name@main: model.safetensors: found bytes whose SHA-256"));
        refuses(1, "owner/nonesuch cache", run("cache", "verify", "owner/nonesuch"));
    }

    @Test
    void cacheRemovesWhatIsNamed() {
        run("download", "owner/name");

        Cli.Outcome outcome = run("cache", "remove", "owner/name");

        assertThat(outcome.out()).startsWith("Removed owner/name: 27").endsWith(" kB freed" + System.lineSeparator());
        assertThat(snapshots).doesNotExist();
        refuses(1, "owner/name cache expected", run("cache", "remove", "owner/name"));
        refuses(2, "OWNER/NAME", run("cache", "remove"));
        refuses(2, "subcommand", run("cache"));
    }

    @Test
    void everyCommandThatTakesAModelTakesItByItsNameOnTheHub() throws IOException {
        server.serve(new TestRepo("owner/tiny", TestRepo.commit(2)).withFilesOf(Golden.path("e2e/model")));
        Path byPath = directory.resolve("path.json");
        Path byName = directory.resolve("name.json");
        Object[] common = {"run", "--greedy", "--in", Cli.QUESTION, "--out", directory.resolve("answer.wav")};

        assertThat(Cli.run(with(common, "--model", Cli.MODEL, "--tokens", byPath))
                        .exitCode())
                .isZero();
        Cli.Outcome outcome = run(with(common, "--model", "owner/tiny@main", "--tokens", byName));

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("model.safetensors: done");
        assertThat(byName).hasSameTextualContentAs(byPath);
        assertThat(run("inspect", "owner/tiny").out())
                .isNotEmpty()
                .isEqualTo(Cli.run("inspect", snapshotOf("owner--tiny")).out());
        assertThat(run("convert", "owner/tiny", directory.resolve("candle.safetensors"), "--to", "candle")
                        .exitCode())
                .isZero();
        refuses(1, "owner/nonesuch RepoNotFound", run("run", "--model", "owner/nonesuch"));
        refuses(2, "no/such/model file directory OWNER/NAME", run("run", "--model", "no/such/model"));
    }

    private Path snapshotOf(String model) {
        return directory.resolve("cache/models--" + model + "/snapshots/" + TestRepo.commit(2) + "/" + TestRepo.LM);
    }

    private static Object[] with(Object[] some, Object... more) {
        Object[] all = java.util.Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    private static void refuses(int exitCode, String words, Cli.Outcome outcome) {
        assertThat(outcome.err().lines())
                .as(outcome.err())
                .singleElement()
                .asString()
                .startsWith("moshivis: ")
                .contains(words.split(" "));
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
    }
}

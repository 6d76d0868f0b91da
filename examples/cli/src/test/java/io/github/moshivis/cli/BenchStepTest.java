package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.PartOfModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench step} says how long the stages take and what they read; how fast that is, is the machine's. */
class BenchStepTest {
    private static final String[] STAGES = {"encode", "temporal", "depth", "decode", "overhead", "frame"};

    @TempDir
    Path scratch;

    private static JsonNode json(Object... options) throws IOException {
        List<Object> command =
                new ArrayList<>(List.of("bench", "step", "--frames", 4, "--warmup", 1, "--threads", 1, "--json"));
        command.addAll(List.of(options));
        Cli.Outcome outcome = Cli.run(command.toArray());
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        return new ObjectMapper().readTree(outcome.out());
    }

    private static long bytes(JsonNode run, String stage) {
        return run.get("stages").get(stage).get("bytes").asLong();
    }

    @Test
    void aRandomModelCanBeKeptAndMeasuredAgain() throws IOException {
        Path kept = scratch.resolve("kept");
        json("--size", "tiny", "--keep", kept);
        FileTime written = Files.getLastModifiedTime(kept.resolve("size.txt"));
        json("--size", "tiny", "--keep", kept);
        assertThat(Files.getLastModifiedTime(kept.resolve("size.txt"))).isEqualTo(written);

        Cli.Outcome outcome = Cli.run("bench", "step", "--size", "mid", "--keep", kept);
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("another size", "expected MID");
    }

    @Test
    void aShorterContextReadsLess() throws IOException {
        JsonNode whole = json("--model", Cli.MODEL, "--window", 100);
        JsonNode few = json("--model", Cli.MODEL, "--window", 100, "--context", 10);
        assertThat(bytes(few.get("runs").get(0), "temporal"))
                .isLessThan(bytes(whole.get("runs").get(0), "temporal"));

        Cli.Outcome outcome = Cli.run("bench", "step", "--model", Cli.MODEL, "--context", 100_000);
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.err()).contains("LoadOptions.context", "100000", "at most");
    }

    @Test
    void everyStageHasItsTimesAndWhatItReads() throws IOException {
        JsonNode document = json("--model", Cli.MODEL, "--conversations", 2, "--window", 100);

        assertThat(document.get("device").asText()).isEqualTo("cpu");
        assertThat(document.get("threads").asInt()).isEqualTo(1);
        assertThat(document.get("conversations").asInt()).isEqualTo(2);
        JsonNode run = document.get("runs").get(0);
        assertThat(run.get("bandwidth_gb_per_s").asDouble()).isBetween(0.1, 5000.0);
        for (String stage : STAGES) {
            JsonNode row = run.get("stages").get(stage);
            assertThat(row.get("best").asDouble())
                    .isPositive()
                    .isLessThanOrEqualTo(row.get("p50").asDouble());
            assertThat(row.get("p50").asDouble())
                    .isLessThanOrEqualTo(row.get("p95").asDouble());
            assertThat(row.get("p99").asDouble())
                    .isLessThanOrEqualTo(row.get("worst").asDouble());
            assertThat(row.has("times_floor")).isEqualTo(!stage.equals("overhead"));
        }
        assertThat(bytes(run, "frame"))
                .isEqualTo(bytes(run, "encode") + bytes(run, "temporal") + bytes(run, "depth") + bytes(run, "decode"));
    }

    @Test
    void weightsOfFewerBitsAreReadInFewerBytes() throws IOException {
        JsonNode runs = json("--size", "tiny", "--compare", "f32,bf16,q8").get("runs");

        assertThat(runs.findValuesAsText("weights")).containsExactly("f32", "bf16", "q8");
        JsonNode f32 = runs.get(0);
        JsonNode bf16 = runs.get(1);
        double half = 0.5 * bytes(f32, "temporal");
        assertThat((double) bytes(bf16, "temporal")).isBetween(half, 1.1 * half); // norms stay in float32
        assertThat(bytes(runs.get(2), "temporal")).isLessThan(bytes(f32, "temporal"));
        assertThat(bytes(bf16, "encode")).isEqualTo(bytes(f32, "encode"));
    }

    @Test
    void aPictureIsOfExactlySoManyTokensAndCostsItsAdapters() throws IOException {
        JsonNode blind =
                json("--model", Cli.MODEL, "--image-tokens", 0).get("runs").get(0);
        JsonNode seeing =
                json("--model", Cli.MODEL, "--image-tokens", 1234).get("runs").get(0);

        assertThat(bytes(seeing, "temporal")).isGreaterThan(bytes(blind, "temporal"));
        assertThat(blind.get("picture_bytes").asLong()).isZero();
        assertThat(seeing.get("picture_bytes").asLong() % 1234).isZero();
        assertThat(seeing.get("picture_bytes").asLong()).isPositive();
        assertThat(bytes(seeing, "depth")).isEqualTo(bytes(blind, "depth"));
    }

    @Test
    void aDirectoryWithoutImageEncoderAndTokenizerIsMeasuredToo() throws IOException {
        Path model = PartOfModel.withoutVisionAndText(Cli.MODEL, scratch);
        JsonNode part = json("--model", model, "--image-tokens", 9).get("runs").get(0);
        JsonNode whole =
                json("--model", Cli.MODEL, "--image-tokens", 9).get("runs").get(0);
        assertThat(bytes(part, "frame")).isEqualTo(bytes(whole, "frame"));
    }

    @Test
    void peopleGetATableForEachAndOneForAll() {
        Cli.Outcome outcome =
                Cli.run("bench", "step", "--model", Cli.MODEL, "--frames", 3, "--warmup", 1, "--compare", "f32,bf16");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().lines())
                .anyMatch(line -> line.matches("ms +best +p50 +p95 +p99 +worst +reads +GB/s +x floor"))
                .anyMatch(line -> line.matches("temporal( +[\\d.]+){5} +[\\d.]+ MB +[\\d.]+ +[\\d.]+"))
                .anyMatch(line -> line.matches("f32( +[\\d.]+ \\([\\d.]+\\)){6} +[\\d.]+ MB +[\\d.]+ +[\\d.]+"))
                .anyMatch(
                        line -> line.matches(
                                "a frame reads: weights [\\d.]+ MB, past steps [\\d.]+ MB, pictures [\\d.]+ MB, codec [\\d.]+ MB"))
                .anyMatch(line ->
                        line.matches("floor: bytes over the rate at which memory was read, [\\d.]+ GB/s before .*"));
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        Cli.Outcome noFrames = Cli.run("bench", "step", "--frames", 0);
        assertThat(noFrames.exitCode()).isEqualTo(2);
        assertThat(noFrames.err()).contains("--frames", "found 0", "at least 1");
        assertThat(Cli.run("bench", "step", "--image-tokens", -1).err()).contains("--image-tokens", "found -1");
        assertThat(Cli.run("bench", "step", "--window", -1).err()).contains("--window", "found -1");
        assertThat(Cli.run("bench", "step", "--conversations", 0).err()).contains("maxConversations", "found 0");
        Cli.Outcome none = Cli.run("bench", "step", "--model", Cli.MODEL, "--device", "gpu");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("\"gpu\"", "cuda:N");
        Cli.Outcome absent = Cli.run("bench", "step", "--model", Cli.MODEL, "--device", "cuda:99");
        assertThat(absent.exitCode()).isNotZero();
        assertThat(absent.err()).contains("CUDA(99)");
        assertThat(Cli.run("bench", "step", "--compare", "q3").err()).contains("'q3'", "q4:GROUP");
    }
}

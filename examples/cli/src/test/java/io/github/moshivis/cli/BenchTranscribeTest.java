package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code bench transcribe} says how long steps take and what they read; how fast that is, is the machine's. */
class BenchTranscribeTest {
    private static long bytes(JsonNode run, String stage) {
        return run.get("stages").get(stage).get("bytes").asLong();
    }

    @Test
    void everyNumberOfStreamsIsMeasuredInEveryForm() throws IOException {
        Cli.Outcome outcome = Cli.run(
                "bench",
                "transcribe",
                "--size",
                "tiny",
                "--streams",
                "1,3",
                "--compare",
                "f32,q8",
                "--frames",
                4,
                "--warmup",
                1,
                "--window",
                5,
                "--threads",
                1,
                "--json");
        assertThat(outcome.err()).isEmpty();
        JsonNode runs = new ObjectMapper().readTree(outcome.out()).get("runs");
        assertThat(runs.findValuesAsText("weights")).containsExactly("f32 x1", "f32 x3", "q8 x1", "q8 x3");
        assertThat(runs.findValuesAsText("streams")).containsExactly("1", "3", "1", "3");
        JsonNode one = runs.get(0);
        JsonNode three = runs.get(1);
        assertThat(one.get("stages").fieldNames())
                .toIterable()
                .containsExactly("encode", "temporal", "overhead", "frame");
        assertThat(one.get("stages").get("frame").get("p50").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(one.get("stages").get("frame").get("p95").asDouble());
        assertThat(three.get("weight_bytes")).isEqualTo(one.get("weight_bytes"));
        assertThat(three.get("ring_bytes").asLong())
                .isEqualTo(3 * one.get("ring_bytes").asLong())
                .isPositive();
        assertThat(bytes(one, "frame")).isEqualTo(bytes(one, "encode") + bytes(one, "temporal"));
        assertThat(bytes(runs.get(2), "temporal")).isLessThan(bytes(one, "temporal"));
        assertThat(three.get("seconds_of_sound_per_second").asDouble()).isPositive();
    }

    @Test
    void peopleGetATableAndTheSpeed() {
        Cli.Outcome outcome =
                Cli.run("bench", "transcribe", "--size", "tiny", "--streams", 2, "--frames", 3, "--warmup", 1);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().lines())
                .anyMatch(line -> line.matches("temporal( +[\\d.]+){5} +[\\d.]+ MB +[\\d.]+ +[\\d.]+"))
                .anyMatch(line -> line.matches("\\w+ x2( +[\\d.]+ \\([\\d.]+\\)){4} +[\\d.]+ MB +[\\d.]+ +[\\d.]+"))
                .anyMatch(line ->
                        line.matches("\\w+ x2 +[\\d.]+ s of sound a second, [\\d.]+ for each of \\d+ threads.*"));
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        assertThat(Cli.run("bench", "transcribe").err()).contains("neither --model nor --size");
        assertThat(Cli.run("bench", "transcribe", "--size", "2b").err()).contains("'2b'", "tiny or 1b");
        assertThat(Cli.run("bench", "transcribe", "--size", "tiny", "--streams", "0")
                        .err())
                .contains("--streams", "found 0");
        assertThat(Cli.run("bench", "transcribe", "--model", Cli.MODEL).err()).contains("model of conversations");
    }
}

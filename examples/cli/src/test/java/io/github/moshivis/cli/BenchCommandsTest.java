package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.kernel.Kernels;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The benchmarks of products and of errors measure something; their figures are the machine's. */
class BenchCommandsTest {
    @Test
    void productsAreTimedInEachFormAgainstMemory() throws IOException {
        JsonNode document = document(
                "bench",
                "linear",
                "--layer",
                "depth.attention.output",
                "--form",
                "bf16,q8,q4",
                "--repeats",
                3,
                "--json");

        assertThat(document.get("bandwidth_gb_per_s").asDouble()).isBetween(0.1, 5000.0);
        assertThat(document.get("products")).hasSize(3);
        assertThat(document.get("products").findValuesAsText("form")).containsExactly("bf16", "q8", "q4");
        for (JsonNode product : document.get("products")) {
            assertThat(product.get("out").asInt()).isEqualTo(1024);
            assertThat(product.get("per_step").asInt()).isEqualTo(48);
            assertThat(product.get("best_ms").asDouble())
                    .isPositive()
                    .isLessThanOrEqualTo(product.get("median_ms").asDouble());
        }
        assertThat(document.get("products").findValues("bytes").stream().mapToLong(JsonNode::asLong))
                .isSortedAccordingTo((a, b) -> Long.compare(b, a))
                .allMatch(bytes -> bytes >= 1024 * 1024 / 2);
    }

    @Test
    void productsAreSummedUpForPeople() {
        Cli.Outcome outcome =
                Cli.run("bench", "linear", "--layer", "depth.head", "--form", "q8", "--repeats", 1, "--threads", 1);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .contains("depth.head", "2048x1024", "q8", "All products of a step", "times the floor of");
    }

    @Test
    void errorsGrowAsBitsGetFewer() throws IOException {
        JsonNode document =
                document("bench", "error", "--model", Cli.MODEL, "--steps", 5, "--form", "f32,bf16,q8", "--json");

        assertThat(document.get("f32").get("text").get("max").asDouble()).isZero();
        assertThat(document.get("f32").get("audio").get("same_choice").asDouble())
                .isEqualTo(1);
        double bf16 = document.get("bf16").get("audio").get("mean").asDouble();
        double q8 = document.get("q8").get("audio").get("mean").asDouble();
        assertThat(bf16).isPositive().isLessThan(q8);
        assertThat(q8).isLessThan(0.1);
    }

    @Test
    void equalCodesAreCountedForEachFormOfTheCodec() throws IOException {
        JsonNode document = document("bench", "codes", "--model", Cli.MODEL, "--codebooks", 4, "--json", Cli.QUESTION);

        assertThat(document.get("codebooks").asInt()).isEqualTo(4);
        long frames = document.get("exact").get("frames").asLong();
        assertThat(frames).isPositive();
        for (String form : new String[] {"exact", "bf16-decoder", "bf16", "int8"}) {
            JsonNode share = document.get(form);
            assertThat(share.get("frames").asLong()).isEqualTo(frames);
            assertThat(share.get("codes").asLong()).isEqualTo(4 * frames);
            assertThat(share.get("equal_frames").asLong())
                    .isBetween(0L, share.get("equal_first_codes").asLong());
            assertThat(share.get("equal_codes").asLong())
                    .isBetween(4 * share.get("equal_frames").asLong(), 4 * frames);
        }
        assertThat(document.get("exact").get("equal_frames").asLong()).isEqualTo(frames);
        assertThat(document.get("bf16-decoder").get("equal_frames").asLong())
                .as("its encoder is exact")
                .isEqualTo(frames);
        if (Kernels.available()) {
            assertThat(document.get("int8").get("equal_codes").asLong())
                    .as("8 bits change some codes")
                    .isLessThan(4 * frames);
        }
    }

    @Test
    void equalCodesArePrintedForPeopleAndRefuseWhatIsNoRecording() {
        Cli.Outcome outcome = Cli.run("bench", "codes", "--model", Cli.MODEL, "--form", "bf16-decoder", Cli.QUESTION);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("equal frames").containsPattern("bf16-decoder +[0-9]+ +100.00 %");
        assertThat(Cli.run("bench", "codes", "--model", Cli.MODEL, "nowhere.wav")
                        .err())
                .contains("nowhere.wav", "expected sound");
        assertThat(Cli.run("bench", "codes", "--model", Cli.MODEL, "--codebooks", 99, Cli.QUESTION)
                        .err())
                .contains("found 99", "1 to");
    }

    @Test
    void opusIsTimedAtEachComplexity() {
        Cli.Outcome outcome = Cli.run("bench", "opus", "--repeats", 1);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().lines().toList()).hasSize(2 + 11);
        assertThat(outcome.out())
                .containsPattern("opus: +(libopus|Concentus)")
                .containsPattern("\n10 +[0-9.]+ +[0-9.]+ +[0-9.]+");
        assertThat(Cli.run("bench", "opus", "--repeats", 0).err()).contains("found 0", "at least 1");
    }

    @Test
    void refusesFormsThatAreNone() {
        Cli.Outcome outcome = Cli.run("bench", "linear", "--form", "q3");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("found 'q3'", "q4:128");
        assertThat(Cli.run("bench", "linear", "--threads", 0).err()).contains("threads", "at least 1");
        assertThat(Cli.run("bench", "error", "--model", Cli.MODEL, "--steps", 0).err())
                .contains("steps", "at least 1");
        assertThat(Cli.run("bench", "error").exitCode()).isEqualTo(2);
    }

    private static JsonNode document(Object... command) throws IOException {
        Cli.Outcome outcome = Cli.run(command);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        return new ObjectMapper().readTree(outcome.out());
    }
}

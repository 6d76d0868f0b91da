package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.evaluate.EvaluationCase;
import io.github.moshivis.evaluate.EvaluationSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate} on held-out questions to the nano model. */
class EvaluateCommandTest {
    private static final Path ALL = Path.of(System.getProperty("nano.eval"));
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Path out;

    /** A file with the first questions of the set. */
    private Path first(int count) throws IOException {
        out = directory.resolve("out");
        StringBuilder lines = new StringBuilder();
        for (EvaluationCase each : EvaluationSet.read(ALL).cases().subList(0, count)) {
            ObjectNode line = JSON.createObjectNode()
                    .put("id", each.id())
                    .put("kind", each.kind())
                    .put("question", each.question())
                    .put("want", each.want())
                    .put("sound", each.sound().toAbsolutePath().toString())
                    .put("end_s", each.end().orElseThrow());
            line.put(
                    "picture",
                    each.picture().map(Path::toAbsolutePath).map(Path::toString).orElse(null));
            lines.append(line).append('\n');
        }
        return Files.writeString(directory.resolve("some.jsonl"), lines);
    }

    private Cli.Outcome evaluate(Path set, Object... more) {
        Object[] command = {"evaluate", set, "--out", out, "--compare", "f32,q4", "--greedy", "--conversations", 3};
        Object[] all = Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return Cli.run(all);
    }

    private List<String> results(String form) throws IOException {
        return Files.readAllLines(out.resolve(form).resolve("results.jsonl")).stream()
                .sorted()
                .toList();
    }

    @Test
    void answersAreCountedKeptAndReportedAndABrokenOffRunGoesOn() throws IOException {
        Path set = first(3);

        Cli.Outcome outcome = evaluate(set);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        for (String form : List.of("f32", "q4")) {
            int exact = 0;
            for (String line : results(form)) {
                JsonNode result = JSON.readTree(line);
                exact += result.get("exact").asBoolean() ? 1 : 0;
                assertThat(result.get("response_s").asDouble()).isBetween(0.2, 0.8);
                assertThat(result.get("level_during_question_db").asDouble()).isLessThan(-45);
                String id = result.get("id").asText();
                assertThat(out.resolve(form).resolve(id + ".txt"))
                        .hasContent(result.get("answer").asText());
                assertThat(Files.size(out.resolve(form).resolve(id + ".wav")))
                        .as("more than 7 s of two sides in 16 bits")
                        .isGreaterThan(7 * 24_000 * 2 * 2);
            }
            assertThat(results(form)).hasSize(3);
            assertThat(exact).as("right answers in " + form).isGreaterThanOrEqualTo(2);
            assertThat(outcome.out()).contains("| " + form + " | " + exact + " of 3 (");
        }
        assertThat(out.resolve("report.md")).isNotEmptyFile();
        assertThat(out.resolve("report.html")).content().contains("Wrong answers");

        goOnAfterAKill(set);
    }

    private void goOnAfterAKill(Path set) throws IOException {
        List<String> before = results("f32");
        Path file = out.resolve("f32/results.jsonl");
        List<String> lines = Files.readAllLines(file);
        Files.writeString(file, lines.get(0) + "\n" + lines.get(1).substring(0, 50));
        Path kept =
                out.resolve("f32").resolve(JSON.readTree(lines.get(0)).get("id").asText() + ".wav");
        Files.setLastModifiedTime(kept, FileTime.fromMillis(0));

        Cli.Outcome outcome = evaluate(set);

        assertThat(outcome.err()).isEmpty();
        assertThat(results("f32")).isEqualTo(before);
        assertThat(Files.getLastModifiedTime(kept).toMillis())
                .as("a question that was answered is not asked again")
                .isZero();

        Cli.Outcome other = evaluate(set, "--tail", 3);
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).contains("Cannot go on", "--tail 3", "--out");
    }

    @Test
    void badInputIsRefusedBeforeAModelIsLoaded() throws IOException {
        Path set = first(1);
        Files.writeString(set, Files.readString(set) + "{\"want\": 3}\n");

        Cli.Outcome line = evaluate(set);
        assertThat(line.exitCode()).isEqualTo(2);
        assertThat(line.err()).contains("some.jsonl", "line 2", "field \"want\"", "found 3");
        assertThat(evaluate(directory).err()).contains("no such file", "cases.jsonl");
        assertThat(evaluate(ALL, "--conversations", 0).exitCode()).isEqualTo(2);
        assertThat(evaluate(ALL, "--tail", -1).err()).contains("--tail");
        assertThat(out).doesNotExist();
    }

    @Test
    void aSoundThatCannotBeReadEndsTheEvaluationAndWhatWasAnsweredIsKept() throws IOException {
        Path set = first(1);
        Path broken = Files.writeString(directory.resolve("broken.wav"), "no sound");
        Files.writeString(set, Files.readString(set) + "{\"want\": \"Yes.\", \"sound\": \"broken.wav\"}\n");

        Cli.Outcome outcome = Cli.run("evaluate", set, "--out", out, "--conversations", 1, "--tail", 1);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains(broken.toString());
        assertThat(results("default")).hasSize(1);
        assertThat(out.resolve("report.html")).doesNotExist();
    }

    /** The figures of docs/evaluation.md, with room for machines that round otherwise. */
    @Test
    @Tag("stress")
    void nearlyAllAnswersAreRightInEveryForm() throws IOException {
        out = directory.resolve("out");

        Cli.Outcome outcome =
                Cli.run("evaluate", ALL, "--out", out, "--compare", "f32,bf16,q8,q4", "--conversations", 4);

        assertThat(outcome.err()).isEmpty();
        for (String form : List.of("f32", "bf16", "q8", "q4")) {
            List<JsonNode> results = new ArrayList<>();
            for (String line : results(form)) {
                results.add(JSON.readTree(line));
            }
            assertThat(results)
                    .filteredOn(each -> each.get("exact").asBoolean())
                    .hasSizeGreaterThanOrEqualTo(45);
            assertThat(results)
                    .allMatch(each -> each.get("level_during_question_db").asDouble() < -45);
        }
    }
}

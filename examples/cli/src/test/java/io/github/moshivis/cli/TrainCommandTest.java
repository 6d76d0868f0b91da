package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command train: settings that are wrong are named; what is right is tested in the module that trains. */
class TrainCommandTest {
    @TempDir
    private Path directory;

    @Test
    void aWrongKeyIsNamed() throws IOException {
        Path file = directory.resolve("run.yaml");
        Files.writeString(file, "data: {train_data: none.jsonl}\nlearning_rate: 1\n");
        Cli.Outcome outcome = Cli.run("train", file);
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.err()).contains("learning_rate").contains(file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "vision", "lora"})
    void theThroughputOfTrainingIsMeasured(String kind) {
        Cli.Outcome outcome = Cli.run(
                "train", "bench", "--model", Cli.MODEL, "--train", kind, "--rows", 2, "--frames", 6, "--steps", 2);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .containsPattern("[1-9]\\d* frames/s at the median of 2 steps")
                .contains(kind);
        assertThat(Cli.run("train", "bench", "--rows", 0).err()).contains("0 rows");
    }

    @Test
    void aShapeThatCannotBeDrawnIsNamed() {
        Cli.Outcome outcome = Cli.run("train", "talks", "--out", directory.resolve("talks"), "--with", "spiral");
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.err()).contains("spiral").contains("picture");
    }

    @Test
    @Tag("stress")
    void aNanoModelIsTrainedFromNothingAndEvaluated() throws IOException, InterruptedException {
        assumeTrue(hasEspeak(), "the program espeak-ng is not installed");
        Object[] command = {"train", "nano", "--scale", "tiny", "--out", directory, "--threads", 2, "--questions", 3};
        Cli.Outcome outcome = Cli.run(command);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("language: step 15/15");
        assertThat(outcome.out()).contains("questions: 3").contains("of 3");
        assertThat(directory.resolve("evaluation/report.md")).exists();
        assertThat(Cli.run(command).err()).doesNotContain("step");
    }

    private static boolean hasEspeak() throws InterruptedException {
        try {
            return new ProcessBuilder("espeak-ng", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}

package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}

package io.github.moshivis.cli;

import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.io.ProgressListener;
import io.github.moshivis.programs.TemporaryDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Directory of a model with random weights, deleted at exit unless it is kept. */
final class RandomModel {
    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "With --size: write the model to this directory instead of a temporary one, or use the model that"
                            + " it already contains.")
    private Path kept;

    /**
     * Writes the model, unless it exists.
     *
     * @param size size of the model
     * @param command the command that asks
     * @param output shows progress
     * @return its directory
     */
    Path write(Checkpoint.Size size, CommandSpec command, BenchOutput output) throws IOException {
        try {
            return write(size, command, output.files());
        } finally {
            output.clear();
        }
    }

    private Path write(Checkpoint.Size size, CommandSpec command, ProgressListener listener) throws IOException {
        if (kept != null) {
            Path written = kept.resolve("size.txt"); // written last: an incomplete model is written again
            if (!Files.exists(written)) {
                Checkpoint.random(size, 1, Files.createDirectories(kept), listener);
                Files.writeString(written, size + System.lineSeparator());
            } else if (!Files.readString(written).strip().equals(size.toString())) {
                throw new ParameterException(
                        command.commandLine(),
                        "--keep " + kept + " holds a model of another size: found "
                                + Files.readString(written).strip() + ", expected " + size
                                + ". Name another directory");
            }
            return kept;
        }
        return Checkpoint.random(size, 1, TemporaryDirectories.create("moshivis-bench-"), listener);
    }
}

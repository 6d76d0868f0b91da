package io.github.moshivis.cli;

import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.ConversionResult;
import io.github.moshivis.checkpoint.ConvertOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Input and output of a conversion, shared by commands. */
final class OutputOptions {
    /** Maximum number of unused tensors to print; there may be thousands. */
    private static final int MAX_NAMES = 10;

    @Parameters(
            index = "0",
            paramLabel = "IN",
            description = "A model's directory, its language model's file, or a name on the hub.")
    private String in;

    @Mixin
    private HubOptions hubOptions;

    @Parameters(
            index = "1",
            paramLabel = "OUT",
            description =
                    "Directory for a complete model; or a file that ends in .safetensors or .gguf, for the language"
                            + " model only.")
    private Path out;

    @Option(names = "--force", description = "Replace existing files.")
    private boolean force;

    /** Conversion of a checkpoint. */
    interface Work {
        ConversionResult write(Checkpoint checkpoint, Path out, ConvertOptions options);
    }

    /** Converts with progress, and prints the written files. */
    void run(Work work, CommandSpec command) {
        Path source = hubOptions.path(in, command);
        PrintWriter stdout = command.commandLine().getOut();
        StatusLine line = StatusLine.of(command.commandLine().getErr());
        ConversionResult written;
        try {
            ConvertOptions options = ConvertOptions.defaults().overwrite(force).progress(new LoadProgress(line));
            written = work.write(Checkpoint.open(source), out, options);
        } finally {
            line.clear();
        }
        written.files().forEach(file -> stdout.println("wrote " + file));
        list("left out, as the model does not use them: ", written.leftOut(), stdout);
        list("missing here, as they were there: ", written.missing(), stdout);
        stdout.flush();
    }

    private static void list(String title, List<String> names, PrintWriter stdout) {
        if (!names.isEmpty()) {
            String shown = String.join(", ", names.subList(0, Math.min(MAX_NAMES, names.size())));
            String more = names.size() > MAX_NAMES ? " and " + (names.size() - MAX_NAMES) + " more" : "";
            stdout.println(TerminalWriter.line(title + shown + more));
        }
    }
}

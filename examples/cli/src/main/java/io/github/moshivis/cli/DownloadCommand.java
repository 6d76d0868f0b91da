package io.github.moshivis.cli;

import io.github.moshivis.hub.ModelFormat;
import io.github.moshivis.hub.Snapshot;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moshivis download}: fetches a model from the hub, without loading it. */
@Command(
        name = "download",
        description = {
            "Downloads a model from the Hugging Face hub into the cache that its own tools also use, and prints"
                    + " the path for --model. Only missing files are downloaded; interrupted downloads are resumed."
        },
        sortOptions = false)
final class DownloadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "OWNER/NAME[@REV]", description = "The model, such as kyutai/moshika-vis-pytorch-bf16.")
    private String model;

    @Option(
            names = "--format",
            paramLabel = "safetensors|mlx-q8|mlx-q4|gguf",
            description = "Form of the weights, if the model has several. Default: the first of these that exists.")
    private ModelFormat format;

    @Mixin
    private HubOptions hubOptions;

    @Override
    public Integer call() {
        Snapshot snapshot = hubOptions.fetch(model, Optional.ofNullable(format), spec);
        PrintWriter out = spec.commandLine().getOut();
        out.println(snapshot.weights());
        out.flush();
        return ExitCode.OK;
    }
}

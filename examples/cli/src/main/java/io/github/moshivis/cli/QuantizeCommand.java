package io.github.moshivis.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moshivis quantize}: a checkpoint in fewer bits. */
@Command(
        name = "quantize",
        description = "Writes a checkpoint in MLX's quantized form, tensor by tensor, with little memory.",
        sortOptions = false)
final class QuantizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions output;

    @Option(names = "--bits", required = true, paramLabel = "4|8", description = "Bits per weight.")
    private int bits;

    @Option(
            names = "--group",
            paramLabel = "32|64|128",
            description =
                    "Number of weights that share a scale. Default: 32 for 4 bits and 64 for 8, which the MLX back end"
                            + " loads.")
    private Integer group;

    @Override
    public Integer call() {
        output.run(
                (checkpoint, out, options) -> group == null
                        ? checkpoint.quantize(bits, out, options)
                        : checkpoint.quantize(bits, group, out, options),
                spec);
        return ExitCode.OK;
    }
}

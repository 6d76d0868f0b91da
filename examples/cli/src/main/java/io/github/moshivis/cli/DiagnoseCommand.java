package io.github.moshivis.cli;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.load.LoadOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints a diagnosis of this machine: {@code moshivis diagnose}. */
@Command(
        name = "diagnose",
        description =
                "Prints platform, versions, devices, memory limits, and what is missing for a GPU or why LibTorch does not load.")
final class DiagnoseCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda[:N]|mps",
            description = "Fail with the reason if this device cannot be used.")
    private String device;

    @Override
    public Integer call() {
        LoadOptions options = device == null ? null : LoadOptions.defaults().device(device);
        PrintWriter out = spec.commandLine().getOut();
        out.print(MoshiVis.diagnose());
        out.flush();
        if (options != null) {
            MoshiVis.requireDevice(options);
        }
        return ExitCode.OK;
    }
}

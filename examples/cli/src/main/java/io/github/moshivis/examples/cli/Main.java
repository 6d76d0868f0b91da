package io.github.moshivis.examples.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/** The command {@code moshivis}. It only holds the commands and what they all have in common. */
@Command(
        name = "moshivis",
        description = "Spoken conversations about pictures.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.INHERIT,
        subcommands = {
            RunCommand.class,
            InspectCommand.class,
            ConvertCommand.class,
            QuantizeCommand.class,
            BenchCommand.class
        })
public final class Main {
    /**
     * JavaCPP's limit on resident memory, by default four times the heap's. The mapped weights count as resident, so that a model
     * of 15 GB would need a heap of 4. A library must not set it; an application may.
     */
    private static final String MEMORY_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log what happens, and say where in the program a failure comes from.")
    private boolean verbose;

    private Main() {}

    /**
     * Runs a command and ends the program with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        if (System.getProperty(MEMORY_LIMIT) == null) {
            System.setProperty(MEMORY_LIMIT, "0"); // no limit
        }
        System.exit(commandLine().execute(args));
    }

    /** The whole command line, ready to execute. */
    static CommandLine commandLine() {
        Main main = new Main();
        Failures failures = new Failures(() -> main.verbose);
        return new CommandLine(main)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .setExecutionStrategy(parsed -> {
                    Logging.configure(main.verbose);
                    return new RunLast().execute(parsed);
                });
    }
}

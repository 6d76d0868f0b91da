package io.github.moshivis.cli;

import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.cli.bench.WeightForm;
import io.github.moshivis.hub.ModelFormat;
import io.github.moshivis.programs.GroupedHelp;
import io.github.moshivis.programs.Halt;
import io.github.moshivis.programs.MemoryLimit;
import io.github.moshivis.programs.ParsedArguments;
import io.github.moshivis.programs.ProxyLogin;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code moshivis}, with its subcommands and their common settings. */
@Command(
        name = "moshivis",
        description = "Spoken conversations about pictures.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.INHERIT,
        subcommands = {
            RunCommand.class,
            ChatCommand.class,
            TalkCommand.class,
            TranscribeCommand.class,
            DownloadCommand.class,
            CacheCommand.class,
            InspectCommand.class,
            ConvertCommand.class,
            QuantizeCommand.class,
            EvaluateCommand.class,
            TrainCommand.class,
            DiagnoseCommand.class,
            BenchCommand.class
        })
public final class Main implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log informational messages, and print stack traces of failures.")
    private boolean verbose;

    /** Time that an interrupted command may take to clean up. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final Map<String, String> environment;

    private Main(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Runs a command and ends the program with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        MemoryLimit.lift();
        ProxyLogin.allow(System.getenv());
        ShutdownHook hook = new ShutdownHook(Thread.currentThread(), TIMEOUT, Halt::now);
        Runtime.getRuntime().addShutdownHook(new Thread(hook, "moshivis-shutdown"));
        System.exit(hook.watch(() -> commandLine(System.getenv()).execute(args)));
    }

    /** Prints the usage if no subcommand is given. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    /** Returns the environment variables for a command. */
    static Map<String, String> environment(CommandSpec command) {
        return ((Main) command.root().userObject()).environment;
    }

    /**
     * Returns the command line, ready to execute.
     *
     * @param environment variables that say which hub to use, which cache and which token
     */
    static CommandLine commandLine(Map<String, String> environment) {
        CommandLine standard = new CommandLine(new Main(environment));
        return commandLine(environment, standard.getOut(), standard.getErr());
    }

    /**
     * Returns the command line with its own output.
     *
     * @param environment as for {@link #commandLine(Map)}
     * @param out receives results
     * @param err receives errors and progress
     */
    static CommandLine commandLine(Map<String, String> environment, PrintWriter out, PrintWriter err) {
        Main main = new Main(environment);
        Failures failures = new Failures(() -> main.verbose);
        return GroupedHelp.apply(withParsers(new CommandLine(main)), groups())
                .setOut(TerminalWriter.of(out))
                .setErr(TerminalWriter.of(err))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .setExecutionStrategy(parsed -> {
                    Logging.configure(main.verbose);
                    return run(parsed);
                });
    }

    /** Runs a command; too little memory is told in one line, as other failures are. */
    private static int run(ParseResult parsed) {
        try {
            return new RunLast().execute(parsed);
        } catch (OutOfMemoryError e) { // of one large array, or of what is garbage now
            throw new ExecutionException(
                    parsed.commandSpec().commandLine(),
                    "no memory",
                    new IllegalStateException(
                            "Cannot go on: found too little memory (" + e.getMessage() + ") in a heap of "
                                    + (Runtime.getRuntime().maxMemory() >> 20)
                                    + " MiB, expected more. Start Java with a larger one (-Xmx), or give smaller files",
                            e));
        }
    }

    private static CommandLine withParsers(CommandLine command) {
        ParsedArguments.register(command);
        ParsedArguments.register(command, Checkpoint.Form.class, ConvertCommand::parse);
        ParsedArguments.register(command, ModelFormat.class, ModelFormat::parse);
        ParsedArguments.register(command, WeightChoice.class, WeightChoice::parse);
        return ParsedArguments.register(command, WeightForm.class, WeightForm::parse);
    }

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("Conversations", List.of("run", "talk", "chat"));
        groups.put("Speech to text", List.of("transcribe"));
        groups.put("Models", List.of("download", "cache", "inspect", "convert", "quantize"));
        groups.put("Evaluation and training", List.of("evaluate", "train"));
        groups.put("This machine", List.of("diagnose", "bench"));
        return groups;
    }
}

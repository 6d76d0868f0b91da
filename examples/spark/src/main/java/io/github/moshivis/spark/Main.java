package io.github.moshivis.spark;

import io.github.moshivis.errors.MoshiVisException;
import io.github.moshivis.programs.ParsedArguments;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;

/** The program for {@code spark-submit --class io.github.moshivis.spark.Main}. */
@Command(
        name = "moshivis-spark",
        description = "Evaluates a model or transcribes recorded dialogues on Apache Spark.",
        subcommands = {EvaluateCommand.class, TranscribeCommand.class},
        mixinStandardHelpOptions = true)
public final class Main {
    Main() {}

    /**
     * Runs the program in the session of {@code spark-submit}, and ends it.
     *
     * @param args a command and its options
     */
    public static void main(String[] args) {
        int exitCode = run(args);
        ExecutorModel.closeAll(); // of a local session, whose executor is this process
        SparkSession.getDefaultSession().foreach(session -> {
            session.stop();
            return null;
        });
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Runs a command in the current session, or in a new one. */
    static int run(String... args) {
        IExecutionExceptionHandler oneLine = (e, line, result) -> {
            if (e instanceof IllegalArgumentException || e instanceof MoshiVisException) {
                line.getErr().println("moshivis-spark: " + e.getMessage());
                return CommandLine.ExitCode.SOFTWARE;
            }
            throw e;
        };
        return commandLine().setExecutionExceptionHandler(oneLine).execute(args);
    }

    private static CommandLine commandLine() {
        return ParsedArguments.register(new CommandLine(new Main())).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Returns the command of arguments without running it. */
    static Object parsed(String[] args) {
        return commandLine().parseArgs(args).subcommand().commandSpec().userObject();
    }
}

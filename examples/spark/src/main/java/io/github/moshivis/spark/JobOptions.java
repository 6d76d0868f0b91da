package io.github.moshivis.spark;

import io.github.moshivis.load.LoadOptions;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of a job: output directory, and number of rows at a time. */
final class JobOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Output directory, Parquet.")
    private String out;

    @Option(
            names = "--conversations",
            paramLabel = "N",
            description = "Number of rows at a time on one executor. Default: 8.")
    private int conversations = 8;

    @Option(
            names = "--tasks",
            paramLabel = "N",
            description = "Number of tasks. Default: the number that the cluster runs at a time.")
    private int tasks;

    String out() {
        return out;
    }

    int conversations() {
        return conversations;
    }

    int tasks() {
        return tasks;
    }

    /** Returns load options with a slot for each row at a time. */
    LoadOptions loading() {
        return LoadOptions.defaults().maxConversations(conversations);
    }

    /** Returns the arguments of the program, for the executors to parse. */
    String[] args() {
        return command.commandLine().getParent().getParseResult().originalArgs().toArray(String[]::new);
    }

    /** Returns the current session, or a new one. */
    SparkSession session() {
        return SparkSession.builder().appName("moshivis " + command.name()).getOrCreate();
    }
}

package io.github.moshivis.spark;

import io.github.moshivis.load.LoadOptions;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of a job: the place of its rows, and how many are computed at once. */
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

    /** Options of loading with a slot for each row that is computed at once. */
    LoadOptions loading() {
        return LoadOptions.defaults().maxConversations(conversations);
    }

    /** The arguments of the program, by which executors parse the same command. */
    String[] args() {
        return command.commandLine().getParent().getParseResult().originalArgs().toArray(String[]::new);
    }

    /** The present session, or a new one. */
    SparkSession session() {
        return SparkSession.builder().appName("moshivis " + command.name()).getOrCreate();
    }
}

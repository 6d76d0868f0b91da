package io.github.moshivis.spark;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.evaluate.CaseResult;
import io.github.moshivis.evaluate.EvaluationCase;
import io.github.moshivis.evaluate.EvaluationSet;
import io.github.moshivis.evaluate.Evaluator;
import io.github.moshivis.load.BundledModel;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.programs.ModelFlags;
import io.github.moshivis.programs.Seconds;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code evaluate}: the questions of a set, as {@code moshivis evaluate} asks them, each a row of the result. */
@Command(
        name = "evaluate",
        description = "Asks a model the questions of a set, on all executors, and writes one row per answer.")
final class EvaluateCommand implements Callable<Integer> {
    private static final StructType SCHEMA = StructType.fromDDL("position INT, id STRING, kind STRING, question STRING,"
            + " want STRING, answer STRING, exact BOOLEAN, word_errors INT, words INT, response_s DOUBLE,"
            + " level_during_question_db DOUBLE, error STRING");

    @Parameters(paramLabel = "SET", description = "Questions: JSONL or a JSON array, or the directory of one.")
    private String set;

    @Mixin
    private JobOptions job;

    @Option(
            names = "--tail",
            paramLabel = "SECONDS",
            description = "Silence after each question, for the answer. Default: 6.")
    private double tail = 6;

    @Option(names = "--greedy", description = "Always take the most likely token.")
    private boolean greedy;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of all random choices; each question adds its own number. Default: 0.")
    private long seed;

    @Mixin
    private ModelFlags flags;

    @Override
    public Integer call() {
        Seconds.notNegative("--tail", tail);
        loading();
        String[] args = job.args();
        SparkSession spark = job.session();
        List<Question> questions = Question.of(set, spark.sparkContext().hadoopConfiguration());
        ResultTable.write(spark, job, questions, (question, hadoop) -> ask(args, question, hadoop), SCHEMA);
        return ExitCode.OK;
    }

    private LoadOptions loading() {
        return flags.apply(job.loading());
    }

    /** On an executor: the same command, parsed there, has the model and the options. */
    private static Future<Row> ask(String[] args, Question question, Configuration hadoop) {
        EvaluateCommand command = (EvaluateCommand) Main.parsed(args);
        return ExecutorModel.get(args, command.job.conversations(), command::load)
                .submit(model -> command.row(model, question, hadoop));
    }

    private MoshiVis load() {
        LoadOptions options = loading();
        return flags.isToy()
                ? MoshiVis.load(flags.demo().model(), options)
                : MoshiVis.load(flags.model().orElse(BundledModel.NANO), options);
    }

    private Row row(MoshiVis model, Question question, Configuration hadoop) {
        Path set = new Path(question.set());
        String id = null;
        try (LocalCopies copies = new LocalCopies(hadoop)) {
            EvaluationCase read = EvaluationSet.question(
                    question.json(),
                    set + ": line " + question.number(),
                    question.position(),
                    name -> copies.find(new Path(set.getParent(), name)));
            id = read.id();
            Evaluator evaluator = new Evaluator(each -> session(model, each), Duration.ofNanos(Math.round(tail * 1e9)));
            return row(question, evaluator.evaluate(read));
        } catch (RuntimeException e) { // a bad input also gives a row
            return RowFactory.create(
                    question.position(), id, null, null, null, null, null, null, null, null, null, message(e));
        }
    }

    private SessionOptions session(MoshiVis model, EvaluationCase question) {
        SessionOptions options = model.session().seed(seed + question.id().hashCode());
        return greedy ? options.greedy() : options;
    }

    private static Row row(Question question, CaseResult result) {
        return RowFactory.create(
                question.position(),
                result.id(),
                result.kind(),
                result.question(),
                result.want(),
                result.answer(),
                result.isExact(),
                result.wordErrors().errors(),
                result.wordErrors().words(),
                result.response().isPresent() ? result.response().getAsDouble() : null,
                result.levelDuringQuestion(),
                null);
    }

    /** Returns the message of an exception. */
    static String message(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}

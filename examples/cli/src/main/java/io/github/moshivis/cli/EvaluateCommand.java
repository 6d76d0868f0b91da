package io.github.moshivis.cli;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.evaluate.CaseResult;
import io.github.moshivis.evaluate.EvaluatedForm;
import io.github.moshivis.evaluate.EvaluationCase;
import io.github.moshivis.evaluate.EvaluationSet;
import io.github.moshivis.evaluate.Evaluator;
import io.github.moshivis.evaluate.Report;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.programs.NanoDemo;
import io.github.moshivis.programs.Seconds;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moshivis evaluate}: spoken questions with known answers. */
@Command(
        name = "evaluate",
        description = {
            "Asks a model spoken questions with known answers, several at a time, and reports the share of"
                    + " correct answers.",
            "To resume an interrupted evaluation, run the same command again."
        },
        sortOptions = false)
final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SET",
            description = "Questions: a file of JSONL or one JSON array, or a directory with cases.jsonl or cases.json."
                    + " See docs/evaluation.md.")
    private Path setPath;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "moshivis-evaluation",
            description = "Directory for recordings, results and reports. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Mixin
    private CompareOptions compare;

    @Option(names = "--conversations", paramLabel = "N", description = "Number of questions at a time. Default: 8.")
    private int conversations = 8;

    @Option(
            names = "--tail",
            paramLabel = "SECONDS",
            description = "Silence after each question, for the answer. Default: 6.")
    private double tail = NanoDemo.TAIL_SECONDS;

    @Mixin
    private ModelOptions modelOptions;

    @Mixin
    private SamplingOptions samplingOptions;

    @Override
    public Integer call() throws IOException {
        samplingOptions.check();
        Duration silence = Seconds.notNegative("--tail", tail);
        LoadOptions loading = modelOptions.loadOptions().maxConversations(conversations);
        EvaluationSet set = EvaluationSet.read(setPath);
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new IllegalArgumentException("Cannot write --out to " + out.toAbsolutePath()
                    + ": found a file, expected a directory or nothing. Choose another name");
        }
        EvaluationConditions conditions =
                EvaluationConditions.of(spec, modelOptions.flags().shownName(), set);
        conditions.keep(out);
        Path model = modelOptions.path(modelOptions.flags().demo(), spec);
        PrintWriter stdout = spec.commandLine().getOut();
        StatusLine line = StatusLine.of(stdout);
        List<EvaluatedForm> forms = new ArrayList<>();
        try {
            for (WeightChoice choice : compare.forms(modelOptions.flags())) {
                LoadOptions options = choice.apply(loading).progress(ModelOptions.progress(line));
                try (LazyModel lazy = new LazyModel(() -> MoshiVis.load(model, options))) {
                    Evaluator evaluator = new Evaluator(
                            each -> samplingOptions.apply(lazy.get().session(), salt(each)), silence);
                    String folder = choice.name().replaceAll("[^A-Za-z0-9._-]", "-");
                    Progress progress = new Progress(choice.name(), set.cases().size(), line);
                    forms.add(new EvaluatedForm(
                            choice.name(),
                            folder,
                            evaluator.evaluate(set.cases(), conversations, out.resolve(folder), progress)));
                }
            }
        } finally {
            line.clear();
        }
        Report report = new Report(set, conditions.facts(), forms);
        report.write(out);
        stdout.print(report.markdown());
        stdout.println();
        stdout.println("Wrote " + out.resolve("report.html").toAbsolutePath());
        stdout.flush();
        return ExitCode.OK;
    }

    /** Seed offset of a question, so that each draws differently, but reproducibly. */
    private static long salt(EvaluationCase question) {
        return question.id().hashCode();
    }

    /** Shows the number of answered questions of a form, and how many of this run's answers are correct. */
    private static final class Progress implements ObjIntConsumer<CaseResult> {
        private final String form;
        private final int questions;
        private final StatusLine line;
        private final TimeLeft timeLeft = new TimeLeft(System::nanoTime);
        private int answers;
        private int exact;

        Progress(String form, int questions, StatusLine line) {
            this.form = form;
            this.questions = questions;
            this.line = line;
            line.update(form + ": loading the model ...", "");
        }

        @Override
        public void accept(CaseResult result, int left) {
            answers++;
            exact += result.isExact() ? 1 : 0;
            int done = questions - left;
            String share = timeLeft.text(done, done - answers, questions);
            line.update(String.format("%s: %s, %d of %d right  ", form, share, exact, answers), result.answer());
        }
    }

    /** Model that is loaded at its first use. Thread-safe. */
    private static final class LazyModel implements AutoCloseable {
        private final Supplier<MoshiVis> loader;
        private MoshiVis model;

        LazyModel(Supplier<MoshiVis> loader) {
            this.loader = loader;
        }

        synchronized MoshiVis get() {
            model = model == null ? loader.get() : model;
            return model;
        }

        @Override
        public synchronized void close() {
            if (model != null) {
                model.close();
            }
        }
    }
}

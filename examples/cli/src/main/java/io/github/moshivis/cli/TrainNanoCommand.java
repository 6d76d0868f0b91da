package io.github.moshivis.cli;

import io.github.moshivis.train.model.NativeHeap;
import io.github.moshivis.train.nano.NanoRecipe;
import io.github.moshivis.train.nano.NanoScale;
import io.github.moshivis.train.nano.QuestionWriter;
import io.github.moshivis.train.nano.TalkDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moshivis train nano}: a nano model from scratch. */
@Command(
        name = "nano",
        description = {
            "Trains a model like the bundled nano model from scratch: makes speech with espeak-ng, then trains"
                    + " the codec, the image encoder and the language model. Ends with an evaluation on questions with"
                    + " voices and scenes that training did not use. Run the same command again to resume an interrupted"
                    + " run."
        },
        sortOptions = false)
final class TrainNanoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private GenerationOptions options;

    @Option(
            names = "--scale",
            paramLabel = "full|small|tiny",
            defaultValue = "full",
            description =
                    "full takes some hours; small takes a tenth of its steps; tiny only shows that everything works."
                            + " Default: full.")
    private NanoScale scale;

    @Mixin
    private ThreadsOption threads;

    @Option(
            names = "--questions",
            paramLabel = "N",
            defaultValue = "120",
            description = "Number of questions of the evaluation. Default: 120.")
    private int questions;

    @Override
    public Integer call() throws IOException {
        NativeHeap.keepFreed();
        Path model;
        StatusLine line = StatusLine.of(spec.commandLine().getErr());
        try {
            model = new NanoRecipe(options.out(), scale, threads.count(), options.seed(), text -> show(text, line))
                    .run();
        } finally {
            line.clear();
        }
        Path set = options.out().resolve("questions");
        if (!Files.exists(set.resolve("cases.json"))) {
            new QuestionWriter(TalkDomain.NANO, options.seed()).write(set, questions);
        }
        return spec.root()
                .commandLine()
                .execute(
                        "evaluate",
                        "--model",
                        model.toString(),
                        "--out",
                        options.out().resolve("evaluation").toString(),
                        set.toString());
    }

    /** Shows one line that is rewritten on a terminal, and a line per step elsewhere; two stages report at a time. */
    private static void show(String text, StatusLine line) {
        line.update(List.of(text));
        line.say(text);
    }
}

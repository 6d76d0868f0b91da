package io.github.moshivis.cli;

import io.github.moshivis.train.nano.Manner;
import io.github.moshivis.train.nano.TalkDomain;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of a set of dialogues or questions: its size, its scenes, and the form of the answers. */
final class TalkDomainOptions {
    @Option(names = "--count", paramLabel = "N", defaultValue = "100", description = "Number to write. Default: 100.")
    private int count;

    @Option(
            names = "--with",
            paramLabel = "SHAPE",
            description =
                    "A shape that every picture contains; the nano model has not seen \"picture\", but can say the"
                            + " word.")
    private Optional<String> shape = Optional.empty();

    @Option(
            names = "--manner",
            paramLabel = "usual|brief|impersonal",
            defaultValue = "usual",
            description = {
                "Descriptions of a picture: \"I see a red heart.\", as the nano model does, \"A red heart.\", or \"There is a red"
                        + " heart.\" Default: usual."
            })
    private Manner manner;

    int count() {
        return count;
    }

    TalkDomain domain() {
        return TalkDomain.of(shape, manner);
    }
}

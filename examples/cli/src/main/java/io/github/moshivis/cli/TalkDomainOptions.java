package io.github.moshivis.cli;

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

    @Option(names = "--brief", description = "Use short answers: \"A red heart.\"")
    private boolean brief;

    int count() {
        return count;
    }

    TalkDomain domain() {
        return TalkDomain.of(shape, brief);
    }
}

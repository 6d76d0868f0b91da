package io.github.moshivis.cli;

import io.github.moshivis.train.nano.TalkDomain;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say which scenes talks are about, and how the model answers. */
final class TalkDomainOptions {
    @Option(
            names = "--with",
            paramLabel = "SHAPE",
            description = "A shape that is in every picture; \"ring\" is one that the nano model does not know.")
    private Optional<String> shape = Optional.empty();

    @Option(names = "--brief", description = "Descriptions without a beginning: \"A red heart.\"")
    private boolean brief;

    TalkDomain domain() {
        return TalkDomain.of(shape, brief);
    }
}

package io.github.moshivis.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Results of a measurement: text as they come, or one JSON document at the end. */
final class BenchOutput {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    /** Returns whether results are printed as text. */
    boolean isText() {
        return !json;
    }

    PrintWriter writer() {
        return command.commandLine().getOut();
    }

    /** Prints text at once, unless a document is to be printed. */
    void print(String format, Object... values) {
        if (!json) {
            writer().printf(Locale.ROOT, format, values).flush();
        }
    }

    /** Ends the output, with the document if one is to be printed. */
    void end(Consumer<ObjectNode> content) {
        if (json) {
            ObjectNode document = new ObjectMapper().createObjectNode();
            content.accept(document);
            writer().println(document);
        }
        writer().flush();
    }
}

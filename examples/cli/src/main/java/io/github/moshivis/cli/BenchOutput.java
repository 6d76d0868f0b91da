package io.github.moshivis.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.io.ProgressListener;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Results of a measurement: text as they come, or one JSON document at the end; on a terminal, progress until then. */
final class BenchOutput {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    private StatusLine line;

    /** Returns whether results are printed as text. */
    boolean isText() {
        return !json;
    }

    PrintWriter writer() {
        return command.commandLine().getOut();
    }

    private StatusLine line() {
        line = line == null ? StatusLine.of(command.commandLine().getErr()) : line;
        return line;
    }

    /** Shows on a terminal what goes on, until {@link #clear} or the next result. */
    void progress(String text) {
        clear();
        line().update(text, "");
    }

    /** Shows on a terminal how far the files are that are written or loaded. */
    ProgressListener files() {
        StatusLine shown = line();
        return shown.isVisible() ? ModelOptions.progress(shown) : ProgressListener.NONE;
    }

    /** Takes the progress away, as results are going to be written. */
    void clear() {
        line().clear();
    }

    /** Prints text at once, unless a document is to be printed. */
    void print(String format, Object... values) {
        if (!json) {
            clear();
            writer().printf(Locale.ROOT, format, values).flush();
        }
    }

    /** Ends the output, with the document if one is to be printed. */
    void end(Consumer<ObjectNode> content) {
        clear();
        if (json) {
            ObjectNode document = new ObjectMapper().createObjectNode();
            content.accept(document);
            writer().println(document);
        }
        writer().flush();
    }
}

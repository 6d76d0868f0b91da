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

/** Output of a measurement: text as results arrive, or one JSON document at the end; on a terminal also progress. */
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

    /** Shows progress on a terminal, until {@link #clear} or the next result. */
    void progress(String text) {
        clear();
        line().update(text, "");
    }

    /** Returns a listener that shows the progress of files on a terminal. */
    ProgressListener files() {
        StatusLine shown = line();
        return shown.isVisible() ? ModelOptions.progress(shown) : ProgressListener.NONE;
    }

    /** Clears the progress. */
    void clear() {
        line().clear();
    }

    /** Prints text at once, unless JSON is requested. */
    void print(String format, Object... values) {
        if (!json) {
            clear();
            writer().printf(Locale.ROOT, format, values).flush();
        }
    }

    /** Ends the output, with the document if JSON is requested. */
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

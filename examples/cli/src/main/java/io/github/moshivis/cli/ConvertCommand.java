package io.github.moshivis.cli;

import io.github.moshivis.checkpoint.Checkpoint.Form;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moshivis convert}: a checkpoint in another form. */
@Command(
        name = "convert",
        description = "Writes a checkpoint in the form of another back end, tensor by tensor, with little memory.",
        sortOptions = false)
final class ConvertCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions output;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "pytorch|candle|mlx|gguf-q8",
            completionCandidates = FormNames.class,
            description = "The form. gguf-q8 is quantized, the others keep all values unchanged.")
    private Form form;

    @Override
    public Integer call() {
        output.run((checkpoint, out, options) -> checkpoint.convert(form, out, options), spec);
        return ExitCode.OK;
    }

    private static String name(Form form) {
        return form.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Names of the forms on the command line. */
    static final class FormNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return names().iterator();
        }

        private static List<String> names() {
            return Stream.of(Form.values()).map(ConvertCommand::name).toList();
        }
    }

    /** Parses the name of a form. */
    static Form parse(String value) {
        return Stream.of(Form.values())
                .filter(form -> name(form).equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected one of " + FormNames.names() + ", found '"
                        + value + "'; other quantized forms are written by the command quantize"));
    }
}

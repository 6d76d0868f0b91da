package io.github.moshivis.cli;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.moshivis.checkpoint.Checkpoint;
import io.github.moshivis.checkpoint.Description;
import io.github.moshivis.checkpoint.Description.Memory;
import io.github.moshivis.checkpoint.Description.StoredTensorInfo;
import io.github.moshivis.checkpoint.ModelPart;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moshivis inspect}: contents of a checkpoint. */
@Command(
        name = "inspect",
        description = "Prints the contents of a checkpoint, the memory it needs, and missing or wrong parts. Reads"
                + " headers only.",
        sortOptions = false)
final class InspectCommand implements Callable<Integer> {
    private static final double GIGABYTE = 1e9;
    private static final double MILLION = 1e6;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR|FILE|OWNER/NAME[@REV]",
            description = "A model's directory, a file of weights, or a name on the hub.")
    private String model;

    @Mixin
    private HubOptions hubOptions;

    @Option(names = "--tensors", description = "List all tensors.")
    private boolean tensors;

    @Option(names = "--json", description = "Print one JSON document, with all tensors.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Description description = Checkpoint.open(hubOptions.path(model, spec)).describe();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature())
                    .writeValueAsString(document(description)));
        } else {
            print(description, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private void print(Description description, PrintWriter out) {
        out.println(description.path());
        out.println("form      " + description.form() + stored(description.storage()));
        out.println("tensors   " + description.tensors().size());
        out.println(line("parameters", description.totalParameters() / MILLION, "million"));
        description.parameters().forEach((part, count) -> out.println(line("  " + part.label(), count / MILLION, "")));
        description.memory().ifPresent(memory -> {
            out.println("memory for the weights");
            memory(memory).forEach((name, bytes) -> out.println(line("  " + name, bytes / GIGABYTE, "GB")));
        });
        list("unused    ", description.unused(), out);
        list("missing   ", description.missing(), out);
        if (tensors) {
            description.tensors().forEach(tensor -> out.println(shown(tensor)));
        }
    }

    private static String stored(List<String> storage) {
        return storage.isEmpty() ? "" : " (" + String.join(", ", storage) + ")";
    }

    private static String line(String name, double number, String unit) {
        return String.format(Locale.ROOT, "%-28s%12.3f %s", name, number, unit).stripTrailing();
    }

    private static void list(String title, List<String> items, PrintWriter out) {
        out.println(title + (items.isEmpty() ? "nothing" : items.size()));
        items.forEach(item -> out.println("  " + TerminalWriter.line(item)));
    }

    private static String shown(StoredTensorInfo tensor) {
        return TerminalWriter.line(tensor.file() + "  " + tensor.name() + "  " + tensor.type() + "  " + tensor.shape()
                + "  " + tensor.part().map(ModelPart::label).orElse("-"));
    }

    private static Map<String, Long> memory(Memory memory) {
        Map<String, Long> bytes = new LinkedHashMap<>();
        bytes.put("f32", memory.f32());
        bytes.put("bf16", memory.bf16());
        bytes.put("q8", memory.q8());
        bytes.put("q4", memory.q4());
        bytes.put("+ each conversation, bf16", memory.perConversation());
        return bytes;
    }

    private static Map<String, Object> document(Description description) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("path", description.path().toString());
        document.put("form", description.form());
        document.put("storage", description.storage());
        document.put("parameters", byLabel(description.parameters()));
        document.put("total_parameters", description.totalParameters());
        description.memory().ifPresent(memory -> {
            Map<String, Long> bytes = new LinkedHashMap<>();
            bytes.put("f32", memory.f32());
            bytes.put("bf16", memory.bf16());
            bytes.put("q8", memory.q8());
            bytes.put("q4", memory.q4());
            document.put("memory_bytes", bytes);
            document.put("conversation_bytes", memory.perConversation());
        });
        document.put("complete", description.isComplete());
        document.put("missing", description.missing());
        document.put("unused", description.unused());
        document.put(
                "tensors",
                description.tensors().stream().map(InspectCommand::document).toList());
        return document;
    }

    private static Map<String, Long> byLabel(Map<ModelPart, Long> parameters) {
        Map<String, Long> byLabel = new LinkedHashMap<>();
        parameters.forEach((part, count) -> byLabel.put(part.name().toLowerCase(Locale.ROOT), count));
        return byLabel;
    }

    private static Map<String, Object> document(StoredTensorInfo tensor) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("file", tensor.file());
        document.put("name", tensor.name());
        document.put("type", tensor.type());
        document.put("shape", tensor.shape());
        document.put("bytes", tensor.bytes());
        document.put(
                "part",
                tensor.part().map(part -> part.name().toLowerCase(Locale.ROOT)).orElse(null));
        return document;
    }
}

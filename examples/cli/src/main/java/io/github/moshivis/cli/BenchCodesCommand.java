package io.github.moshivis.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.moshivis.cli.bench.EqualCodes;
import io.github.moshivis.cli.bench.EqualCodes.Share;
import io.github.moshivis.load.CodecWeights;
import io.github.moshivis.programs.CodecWeightsConverter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Counts the codes that fewer bits of the codec's weights leave as they are: {@code moshivis bench codes}. */
@Command(
        name = "codes",
        description =
                "Counts the frames of recordings for which the codec gives the same codes with its weights in fewer"
                        + " bits as with the numbers of its file.")
final class BenchCodesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Recordings of speech, WAV or Opus.")
    private List<Path> files;

    @Option(
            names = "--model",
            paramLabel = "DIR|FILE",
            required = true,
            description = "A model on disk, for its codec.")
    private Path model;

    @Option(
            names = "--form",
            split = ",",
            paramLabel = "exact|bf16-decoder|bf16|int8",
            converter = CodecWeightsConverter.class,
            description = "Forms to compare, with commas between them, as --codec-weights. Default: all.")
    private List<CodecWeights> forms = List.of(CodecWeights.values());

    @Option(
            names = "--codebooks",
            paramLabel = "N",
            description = "Codes of a frame that are compared, from the first on. Default: 8, as models hear.")
    private int codebooks = 8;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to compute with. Default: all processors.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException(
                        "Cannot encode " + file + ": found no file there, expected sound. Check the path");
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            out.printf("%-12s %8s %13s %12s %11s%n", "form", "frames", "equal frames", "first codes", "all codes");
        }
        List<Share> shares = EqualCodes.measure(model, files, codebooks, threads, forms, share -> {
            if (!json) {
                print(out, share);
            }
        });
        if (json) {
            ObjectNode document = new ObjectMapper().createObjectNode();
            document.put("codebooks", codebooks);
            shares.forEach(share -> document.putObject(share.form().toString())
                    .put("frames", share.frames())
                    .put("equal_frames", share.equalFrames())
                    .put("equal_first_codes", share.firstCodes())
                    .put("codes", share.codes())
                    .put("equal_codes", share.equalCodes()));
            out.println(document);
        }
        out.flush();
        return 0;
    }

    private static void print(PrintWriter out, Share share) {
        out.printf(
                Locale.ROOT,
                "%-12s %8d %11.2f %% %10.2f %% %9.2f %%%n",
                share.form(),
                share.frames(),
                percent(share.equalFrames(), share.frames()),
                percent(share.firstCodes(), share.frames()),
                percent(share.equalCodes(), share.codes()));
        out.flush();
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 100 : 100.0 * part / whole;
    }
}

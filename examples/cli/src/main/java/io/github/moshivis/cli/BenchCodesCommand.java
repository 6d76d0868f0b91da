package io.github.moshivis.cli;

import io.github.moshivis.cli.bench.EqualCodes;
import io.github.moshivis.cli.bench.EqualCodes.Share;
import io.github.moshivis.load.CodecWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Counts equal codes with codec weights of fewer bits: {@code moshivis bench codes}. */
@Command(
        name = "codes",
        description = "Counts the frames of recordings for which the codec gives the same codes with weights of fewer"
                + " bits as with the stored weights.")
final class BenchCodesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Recordings of speech, WAV or Opus.")
    private List<Path> files;

    @Option(
            names = "--model",
            paramLabel = "DIR|FILE",
            required = true,
            description = "A model on disk, whose codec is used.")
    private Path model;

    @Option(
            names = "--form",
            split = ",",
            paramLabel = "exact|bf16-decoder|bf16|int8",
            description = "Forms to compare, separated by commas; see --codec-weights. Default: all.")
    private List<CodecWeights> forms = List.of(CodecWeights.values());

    @Option(
            names = "--codebooks",
            paramLabel = "N",
            description = "Number of codes to compare per frame, from the first. Default: 8, as models use.")
    private int codebooks = 8;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws IOException {
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException(
                        "Cannot encode " + file + ": found no file there, expected sound. Check the path");
            }
        }
        output.print("%-12s %8s %13s %12s %11s%n", "form", "frames", "equal frames", "first codes", "all codes");
        output.progress("Encoding " + files.size() + " recordings in each form ...");
        List<Share> shares;
        try {
            shares = EqualCodes.measure(model, files, codebooks, threads.count(), forms, this::print);
        } finally {
            output.clear();
        }
        output.end(document -> {
            document.put("codebooks", codebooks);
            shares.forEach(share -> document.putObject(share.form().toString())
                    .put("frames", share.frames())
                    .put("equal_frames", share.equalFrames())
                    .put("equal_first_codes", share.firstCodes())
                    .put("codes", share.codes())
                    .put("equal_codes", share.equalCodes()));
        });
        return 0;
    }

    private void print(Share share) {
        output.print(
                "%-12s %8d %11.2f %% %10.2f %% %9.2f %%%n",
                share.form(),
                share.frames(),
                percent(share.equalFrames(), share.frames()),
                percent(share.firstCodes(), share.frames()),
                percent(share.equalCodes(), share.codes()));
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 100 : 100.0 * part / whole;
    }
}

package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.Jazzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every format, mutated by Jazzer towards code that was not reached before, in a JVM with 512 MB of heap: each input is read, or refused with
 * an exception of this library, within {@code fuzz.timeout} seconds (30: decoders are instrumented, too, and ten times slower by that). Seconds for a format: {@code fuzz.seconds} (60). Inputs that reached
 * new code stay in {@code target/fuzz} for the next run; {@code target/fuzz/report.md} has a row for each format.
 */
@Tag("stress")
class CoverageFuzzTest {
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 60);
    private static final int TIMEOUT = Integer.getInteger("fuzz.timeout", 30);

    /** For the instrumentation of classes, on the slowest machine. */
    private static final int START_SECONDS = 600;

    private static final int MAX_BYTES = 64 << 10;
    private static final Path RESULTS = Path.of("target", "fuzz");

    /** Code whose branches lead the mutations: this library's, and that of the readers below it. */
    private static final String COVERED =
            "io.github.moshivis.**:com.twelvemonkeys.**:com.sun.imageio.**:org.concentus.**"
                    + ":com.fasterxml.jackson.**:org.yaml.snakeyaml.**:com.drew.**";

    /** Loops over pixels and numbers, which instrumentation slows by ten times and which have no branches that depend on a format. */
    private static final String LOOPS =
            "io.github.moshivis.vision.BicubicResize*:io.github.moshivis.vision.RasterColors:io.github.moshivis.tensor.**"
                    + ":io.github.moshivis.kernel.**";

    private static final Pattern EDGES = Pattern.compile("cov: (\\d+) ");
    private static final Pattern EXECUTIONS = Pattern.compile("stat::number_of_executed_units: (\\d+)");

    @TempDir
    Path directory;

    static Stream<FuzzTarget> targets() {
        return FuzzTarget.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyInputIsReadOrRefused(FuzzTarget target) throws Exception {
        Path kept = Files.createDirectories(RESULTS.resolve(target.name()));
        Path seeds = Files.createDirectory(directory.resolve("seeds"));
        List<byte[]> valid = target.seeds().get();
        for (int i = 0; i < valid.size(); i++) {
            Files.write(seeds.resolve(Integer.toString(i)), valid.get(i));
        }
        Path place = Files.createDirectory(directory.resolve("place"));
        Path log = RESULTS.resolve(target.name() + ".log");
        Process jazzer = ChildJvm.start(
                Map.of("JAVA_TOOL_OPTIONS", "-Xmx512m -Dfuzz.target=" + target.name() + " -Dfuzz.place=" + place),
                log,
                Jazzer.class,
                "--target_class=" + FuzzedProgram.class.getName(),
                "--instrumentation_includes=" + COVERED,
                "--instrumentation_excludes=" + LOOPS,
                "--custom_hook_includes=" + COVERED,
                "-seed=1",
                "-max_len=" + MAX_BYTES,
                "-max_total_time=" + SECONDS,
                "-timeout=" + TIMEOUT,
                "-rss_limit_mb=0",
                "-reload=0",
                "-print_final_stats=1",
                "-artifact_prefix=" + directory + "/",
                kept.toString(),
                seeds.toString());
        try {
            assertThat(jazzer.waitFor(SECONDS + START_SECONDS, TimeUnit.SECONDS))
                    .as("ends")
                    .isTrue();
        } finally {
            jazzer.destroyForcibly();
        }
        String output = ChildJvm.read(log);
        assertThat(jazzer.exitValue()).as(output).isZero();
        report(target, output);
    }

    private static void report(FuzzTarget target, String output) throws IOException {
        String row = "| %s | %s executions | %s edges |%n"
                .formatted(target.name(), last(EXECUTIONS, output), last(EDGES, output));
        Files.writeString(RESULTS.resolve("report.md"), row, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String last(Pattern pattern, String output) {
        Matcher found = pattern.matcher(output);
        String last = "none";
        while (found.find()) {
            last = found.group(1);
        }
        return last;
    }
}

package io.github.moshivis.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.OptionSpec;

/** The table of options in docs/server.md, compared with the options themselves. */
class OptionsTableTest {
    /** Described outside of the table. */
    private static final Set<String> ELSEWHERE = Set.of("--config", "--help", "--version");

    private static List<String> rows() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("../../docs/server.md"))) {
            return lines.filter(line -> line.startsWith("| `--")).toList();
        }
    }

    @Test
    void namesEachOptionWithItsDefault() throws IOException {
        List<String> rows = rows();
        for (OptionSpec option :
                new Main(Map.of()).commandLine().getCommandSpec().options()) {
            String name = option.longestName();
            if (ELSEWHERE.contains(name)) {
                continue;
            }
            assertThat(rows).as(name).anyMatch(row -> row.contains("`" + name + "`") || row.contains("`" + name + " "));
            if (option.defaultValue() != null && !name.equals("--device")) {
                assertThat(rows)
                        .as("%s with its default %s", name, option.defaultValue())
                        .anyMatch(row -> row.split("\\|")[1].contains("`" + name)
                                && row.substring(row.lastIndexOf('|', row.length() - 2))
                                        .contains(option.defaultValue()));
            }
        }
    }
}

package io.github.moshivis.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of query parameters in docs/server.md, compared with the settings themselves. */
class QueryTableTest {
    @ParameterizedTest
    @EnumSource
    void hasTheDefaultAndTheLargestValue(Setting setting) throws IOException {
        String name = "`" + setting.parameter() + "`";
        String row;
        try (Stream<String> lines = Files.lines(Path.of("../../docs/server.md"))) {
            row = lines.filter(line -> line.startsWith("| `")
                            && Arrays.asList(line.split("\\|")[1].strip().split(", "))
                                    .contains(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("No row for " + name));
        }
        String[] cells = row.split("\\|");
        List<String> names = List.of(cells[1].strip().split(", "));
        List<String> defaults = List.of(cells[3].strip().split(", "));
        String standard = defaults.get(defaults.size() == 1 ? 0 : names.indexOf(name));
        assertThat(Double.parseDouble(standard)).isEqualTo(setting.standard());
        if (setting != Setting.IMAGE_RESOLUTION) { // limited by --max-image-size
            String largest = Double.toString(setting.clamp(1e9, 448)).replaceAll("\\.0$", "");
            assertThat(cells[2]).contains(largest);
        }
    }
}

package io.github.moshivis.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.SamplingProfile;
import io.github.moshivis.SamplingSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of sampling settings in docs/conversations.md is the list's. A failure shows the table to paste. */
class SettingsTableTest {
    private static final String HEAD =
            """
            <!-- table: sampling -->
            | Query, JSON | Flag | Meaning | Range | PyTorch | Rust | MLX | Page |
            |---|---|---|---|---|---|---|---|
            """;

    private static String row(SamplingSetting setting) {
        String defaults = Arrays.stream(SamplingProfile.values())
                .map(setting::defaultOf)
                .map(value -> setting.format(value).replaceAll("\\.0$", ""))
                .collect(Collectors.joining(" | "));
        return "| `" + setting.wireName() + "` | `" + setting.flag() + "` | " + setting.meaning() + " | "
                + setting.range() + " | " + defaults + " |\n";
    }

    @Test
    void theTableOfTheDocumentationIsTheList() throws IOException {
        String table = Arrays.stream(SamplingSetting.values())
                .map(SettingsTableTest::row)
                .collect(Collectors.joining("", HEAD, "\n"));
        assertThat(Files.readString(Tree.ROOT.resolve("docs/conversations.md"))).contains(table);
    }
}

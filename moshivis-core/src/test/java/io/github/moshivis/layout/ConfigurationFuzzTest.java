package io.github.moshivis.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Golden;
import io.github.moshivis.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Real configuration files, mutated: a clear refusal, or a configuration that passed every check. */
class ConfigurationFuzzTest {
    private static final List<String> NAMES = List.of("moshika-vis.yaml", "mimi_config.json", "siglip_config.json");

    private static final Logger LOGGER = Logger.getLogger(ConfigNode.class.getName());

    private static Path directory;

    @BeforeContainer
    static void makeADirectory() throws IOException {
        LOGGER.setLevel(Level.OFF);
        directory = Files.createTempDirectory("configuration-fuzz");
    }

    @AfterContainer
    static void cleanUp() throws IOException {
        for (String name : NAMES) {
            Files.deleteIfExists(directory.resolve(name));
        }
        Files.delete(directory);
        LOGGER.setLevel(null);
    }

    @Property(tries = 300, seed = "20261122", shrinking = ShrinkingMode.OFF)
    void refusesOrReadsAMutatedFile(@ForAll("edits") Edit edit) throws IOException {
        for (String name : NAMES) {
            String text = Files.readString(Golden.path("e2e/model/" + name));
            Files.writeString(directory.resolve(name), name.equals(edit.name) ? edit.apply(text) : text);
        }
        try {
            assertThat(ModelDirectory.read(directory).config().lm().hidden()).isPositive();
        } catch (CheckpointException e) {
            assertThat(e).hasMessageContainingAll(directory.toString(), "found", "expected");
        }
    }

    @Provide
    Arbitrary<Edit> edits() {
        Arbitrary<String> text = Arbitraries.of(
                "-",
                "0",
                "9",
                "999999999999",
                "null",
                "[",
                "]",
                "{",
                "}",
                ":",
                ": ",
                "\n",
                "\t",
                "&a ",
                "*a",
                "!!set ",
                "'",
                "\"",
                "# ",
                "? ",
                "---\n",
                "%",
                "@",
                "`",
                "\u0000",
                "\ufeff",
                "\ud83d\ude00",
                "true",
                "1e400",
                ".inf");
        return Combinators.combine(
                        Arbitraries.of(NAMES),
                        Arbitraries.doubles().between(0, 1),
                        text,
                        Arbitraries.integers().between(0, 4))
                .as(Edit::new);
    }

    /** Replaces some characters at a place, 0 to 1 over the file, by a text. */
    record Edit(String name, double where, String text, int removed) {
        String apply(String file) {
            int at = (int) (where * (file.length() - removed));
            return file.substring(0, at) + text + file.substring(at + removed);
        }
    }
}

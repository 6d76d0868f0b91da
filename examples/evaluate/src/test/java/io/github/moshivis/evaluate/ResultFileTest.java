package io.github.moshivis.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
    private static final CaseResult FIRST =
            new CaseResult("a", "see", "Was ist \"es\"?", "Ein Käfer.", "Ein Kä\nfer", OptionalDouble.of(0.4), -61.5);
    private static final CaseResult SECOND =
            new CaseResult("b", "see", "", "Yes.", "", OptionalDouble.empty(), CaseResult.SILENCE);

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("results.jsonl");
    }

    @Test
    void whateverByteAKilledProgramGotToNothingIsLostOrDoubled() throws IOException {
        try (ResultFile file = ResultFile.open(directory)) {
            file.add(FIRST);
            file.add(SECOND);
        }
        byte[] all = Files.readAllBytes(file());
        int firstEnd = new String(all, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;

        for (int length : new int[] {0, 1, firstEnd - 1, firstEnd, firstEnd + 1, all.length - 1, all.length}) {
            Files.write(file(), Arrays.copyOf(all, length));
            try (ResultFile file = ResultFile.open(directory)) {
                assertThat(file.results().values())
                        .as("after %d bytes", length)
                        .hasSize(length == all.length ? 2 : length >= firstEnd ? 1 : 0);
                if (!file.results().containsKey("a")) {
                    file.add(FIRST);
                }
                if (!file.results().containsKey("b")) {
                    file.add(SECOND);
                }
                assertThat(file.results().values()).containsExactly(FIRST, SECOND);
            }
            assertThat(Files.readAllBytes(file())).isEqualTo(all);
        }
    }

    @Test
    void twoEvaluationsDoNotWriteAtOnce() {
        try (ResultFile file = ResultFile.open(directory)) {
            assertThatThrownBy(() -> ResultFile.open(directory))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll(directory.toString(), "another evaluation");
            file.add(FIRST);
        }
        try (ResultFile file = ResultFile.open(directory)) {
            assertThat(file.results()).containsOnlyKeys("a");
        }
    }

    @Test
    void somethingElseIsLeftAlone() throws IOException {
        Files.writeString(file(), "{\"id\": \"a\"}\n");

        assertThatThrownBy(() -> ResultFile.open(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("line 1", "Choose another folder");
        assertThat(file()).hasContent("{\"id\": \"a\"}\n");
    }
}

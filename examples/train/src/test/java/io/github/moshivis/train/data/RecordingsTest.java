package io.github.moshivis.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of recordings, and the words beside them, that are something else. */
class RecordingsTest {
    @TempDir
    Path directory;

    private Stretch stretch;

    @BeforeEach
    void recording() {
        stretch = new Stretch(directory.resolve("a.wav"), 0, Optional.empty());
    }

    private static void lengthen(Path file) throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 33);
        }
    }

    @Test
    void filesThatAreTooLongAreRefusedUnread() throws IOException {
        Path list = directory.resolve("list.jsonl");
        lengthen(list);
        lengthen(stretch.words());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recordings.words(stretch, 10))
                .withMessageContainingAll(stretch.words().toString(), "found more than", "expected at most");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recordings.read(list.toString(), 10, directory))
                .withMessageContainingAll(list.toString(), "found more than", "expected at most");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "",
                "1",
                "{\"alignments\": 1}",
                "{\"alignments\": [1]}",
                "{\"alignments\": [[\"a\", [0, 1]",
                "{\"alignments\": [[\"a\", [0, 1]], [\"b\"]]}",
                "{\"other\": [[[]]]}"
            })
    void wordsThatAreNoneAreNamed(String json) throws IOException {
        Files.writeString(stretch.words(), json);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recordings.words(stretch, 10))
                .withMessageContainingAll(stretch.words().toString(), "found", "expected");
    }

    @Test
    void wordsMayComeAfterOtherMembersAndAByteOrderMark() throws IOException {
        String words = "{\"a\": {\"alignments\": [[]]}, \"alignments\": [[\"hello\", [0, 1]], [\"late\", [20, 21]]]}";
        Files.writeString(stretch.words(), "\uFEFF" + words);

        assertThat(Recordings.words(stretch, 10)).containsExactly(new Word("hello", 0, 1, Word.MAIN));
    }
}

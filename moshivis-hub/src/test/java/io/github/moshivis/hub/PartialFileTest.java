package io.github.moshivis.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartialFileTest {
    private static final long PART = 10;

    @TempDir
    Path folder;

    private PartialFile open(long size) throws IOException {
        return PartialFile.open(folder.resolve("data"), folder.resolve("record"), size, PART);
    }

    private static ByteBuffer bytes(int count, int value) {
        byte[] bytes = new byte[count];
        java.util.Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 11, 20, 25})
    void aFileIsItsPartsWithoutGapOrOverlap(long size) throws IOException {
        try (PartialFile file = open(size)) {
            long next = 0;
            for (int part = 0; part < file.parts(); part++) {
                assertThat(file.start(part)).isEqualTo(next);
                assertThat(file.length(part)).isBetween(1L, PART);
                next += file.length(part);
            }
            assertThat(next).isEqualTo(size);
        }
    }

    @Test
    void whatWasAppendedIsThereWhenOpenedAgain() throws IOException {
        try (PartialFile file = open(25)) {
            file.append(1, bytes(4, 1));
            file.append(2, bytes(5, 2));
        }
        assertThat(PartialFile.finishedBytes(folder.resolve("data"), folder.resolve("record"), 25))
                .isEqualTo(9);

        try (PartialFile file = open(25)) {
            assertThat(file.finished(0)).isZero();
            assertThat(file.finished(1)).isEqualTo(4);
            assertThat(file.isFinished(2)).isTrue();
            file.append(1, bytes(6, 3));
            file.append(0, bytes(10, 4));
            file.moveTo(folder.resolve("whole"));
        }
        assertThat(Files.readAllBytes(folder.resolve("whole")))
                .containsExactly(4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2);
        assertThat(folder).isDirectoryNotContaining("glob:**record");
    }

    @Test
    void aPartTakesNoMoreThanItsLength() throws IOException {
        try (PartialFile file = open(25)) {
            file.append(2, bytes(3, 1));
            assertThatThrownBy(() -> file.append(2, bytes(3, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("3 bytes", "part 2", "3 of 5");
        }
    }

    @Test
    void aRecordThatDoesNotFitIsNone() throws IOException {
        try (PartialFile file = open(25)) {
            file.append(0, bytes(10, 1));
        }
        try (PartialFile other = open(26)) {
            assertThat(other.finishedBytes()).as("another size").isZero();
            other.append(0, bytes(10, 1));
        }
        try (RandomAccessFile data = new RandomAccessFile(folder.resolve("data").toFile(), "rw")) {
            data.setLength(9);
        }
        try (PartialFile file = open(26)) {
            assertThat(file.finishedBytes()).as("bytes that are gone").isZero();
            file.append(0, bytes(10, 1));
        }
        try (RandomAccessFile record =
                new RandomAccessFile(folder.resolve("record").toFile(), "rw")) {
            record.seek(16);
            record.writeLong(Long.MAX_VALUE);
        }
        assertThat(PartialFile.finishedBytes(folder.resolve("data"), folder.resolve("record"), 26))
                .isBetween(0L, 26L);
        try (PartialFile file = open(26)) {
            assertThat(file.finishedBytes()).as("an impossible number").isZero();
        }
        Files.write(folder.resolve("record"), new byte[3]);
        try (PartialFile file = open(26)) {
            assertThat(file.finishedBytes()).as("a stump").isZero();
        }
    }

    @Test
    void theHashFollowsTheFinishedBytes() throws IOException {
        byte[] content = Content.random(1, 25).bytes();
        ContentHash kind = new ContentHash("0".repeat(40));
        try (PartialFile file = open(25)) {
            PrefixHasher hasher = new PrefixHasher(file, kind);
            file.append(1, ByteBuffer.wrap(content, 10, 10));
            assertThat(hasher.advance()).as("the first byte is not there").isFalse();
            file.append(0, ByteBuffer.wrap(content, 0, 3));
            assertThat(hasher.advance()).isTrue();
            assertThat(hasher.advance()).isFalse();
            file.append(0, ByteBuffer.wrap(content, 3, 7));
            file.append(2, ByteBuffer.wrap(content, 20, 5));
            for (int part = 0; part < 3; part++) {
                assertThat(hasher.isComplete()).isFalse();
                assertThat(hasher.advance()).isTrue();
            }
            assertThat(hasher.advance()).isFalse();
            assertThat(hasher.isComplete()).isTrue();
            file.moveTo(folder.resolve("whole"));
            assertThat(hasher.hex()).isEqualTo(kind.of(folder.resolve("whole"), hashed -> {}));
        }
    }

    @Test
    void gitsHashOfABlobIsGits() {
        // git hash-object of the text "what is up, doc?", the example of the Pro Git book, chapter 10.2
        ContentHash kind = new ContentHash("bd9dbf5aae1a3862dd1526723246b20206e5fc37");
        byte[] text = "what is up, doc?".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        var digest = kind.begin(text.length);
        digest.update(text);

        assertThat(ContentHash.end(digest)).isEqualTo(kind.hex());
    }
}

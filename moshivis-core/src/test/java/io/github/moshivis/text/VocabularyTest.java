package io.github.moshivis.text;

import static io.github.moshivis.text.SentencePieceFile.BYTE;
import static io.github.moshivis.text.SentencePieceFile.CONTROL;
import static io.github.moshivis.text.SentencePieceFile.NORMAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.text.Vocabulary.Piece;
import io.github.moshivis.text.Vocabulary.Type;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTest {
    @TempDir
    Path directory;

    private Vocabulary read(byte[] bytes) throws IOException {
        return Vocabulary.read(Files.write(directory.resolve("spm.model"), bytes));
    }

    private void assertRefused(byte[] bytes, String... words) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> read(bytes))
                .withMessageContainingAll(words)
                .withMessageContainingAll("Cannot read the vocabulary", "spm.model", "expected", "fetch");
    }

    @Test
    void readsPieceScoreAndTypeInTheOrderOfTheFile() throws IOException {
        Vocabulary vocabulary = read(new SentencePieceFile()
                .piece("<unk>", 0, SentencePieceFile.UNKNOWN)
                .piece("\u2581caf\u00e9", -3.5f, NORMAL)
                .message(4, new byte[] {1, 2, 3}) // self-test samples
                .piece("<0xE2>", 0, BYTE)
                .bytes());

        assertThat(vocabulary.size()).isEqualTo(3);
        assertThat(vocabulary.piece(0)).isEqualTo(new Piece("<unk>", 0, Type.UNKNOWN));
        assertThat(vocabulary.piece(1)).isEqualTo(new Piece("\u2581caf\u00e9", -3.5f, Type.NORMAL));
        assertThat(vocabulary.piece(2)).isEqualTo(new Piece("<0xE2>", 0, Type.BYTE));
    }

    @Test
    void aPieceWithoutATypeIsNormal() throws IOException {
        assertThat(read(new SentencePieceFile()
                                .message(1, new byte[] {0x0a, 1, 'a'})
                                .bytes())
                        .piece(0))
                .isEqualTo(new Piece("a", 0, Type.NORMAL));
    }

    @Test
    void skipsFieldsThatItDoesNotKnow() throws IOException {
        byte[] unknown = {
            0x20,
            (byte) 0xff,
            1, // field 4, varint
            0x29,
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8, // field 5, 64 bits
            0x35,
            1,
            2,
            3,
            4, // field 6, 32 bits
            0x0a,
            1,
            'a', // field 1: the piece
            0x3a,
            2,
            9,
            9 // field 7, bytes
        };
        assertThat(read(new SentencePieceFile().message(1, unknown).bytes())
                        .piece(0)
                        .text())
                .isEqualTo("a");
    }

    @Test
    void aBytePieceKnowsItsByteAndOthersSaySo() throws IOException {
        Vocabulary vocabulary = read(new SentencePieceFile()
                .piece("<0xE2>", 0, BYTE)
                .piece("a", 0, NORMAL)
                .bytes());
        assertThat(vocabulary.piece(0).byteValue()).isEqualTo((byte) 0xe2);
        assertThatIllegalStateException()
                .isThrownBy(() -> vocabulary.piece(1).byteValue())
                .withMessageContainingAll("\"a\"", "NORMAL", "BYTE");
    }

    @Test
    void anIdOutsideTheVocabularyIsRefused() throws IOException {
        Vocabulary vocabulary =
                read(new SentencePieceFile().piece("a", 0, NORMAL).bytes());
        for (int id : new int[] {-1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vocabulary.piece(id))
                    .withMessageContainingAll("id " + id, "0 to 0", "vocabulary that the model was trained with");
        }
    }

    @Test
    void refusesWhatIsNoPieceTable() {
        assertRefused(new byte[0], "holds no pieces");
        assertRefused(new SentencePieceFile().raw(0x1a, 0).bytes(), "holds no pieces");
        assertRefused(new SentencePieceFile().raw(0x02, 0).bytes(), "field tag");
        assertRefused(new SentencePieceFile().raw(0x0d, 0, 0, 0, 0).bytes(), "wire type 5 where 2 belongs");
        assertRefused(new SentencePieceFile().raw(0x0b).bytes(), "wire type 3");
        assertRefused(new SentencePieceFile().piece("a", 0, 0).bytes(), "piece 0 of unknown type 0");
        assertRefused(new SentencePieceFile().piece("a", 0, 7).bytes(), "piece 0 of unknown type 7");
        assertRefused(new SentencePieceFile().piece("", 0, CONTROL).bytes(), "piece 0 without text");
        assertRefused(new SentencePieceFile().piece("<0xZZ>", 0, BYTE).bytes(), "byte piece 0", "<0xZZ>");
        assertRefused(
                new SentencePieceFile()
                        .message(1, new byte[] {0x0a, 1, (byte) 0xff})
                        .bytes(),
                "piece 0",
                "not UTF-8");
    }

    @Test
    void refusesLengthsBeyondTheFileBeforeAllocating() {
        assertRefused(new SentencePieceFile().raw(0x0a, 0x05, 1).bytes(), "5 bytes where 1 are left");
        assertRefused(
                new SentencePieceFile().raw(0x0a, 0xff, 0xff, 0xff, 0xff, 0x07).bytes(), "2147483647 bytes");
        assertRefused(
                new SentencePieceFile()
                        .raw(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1)
                        .bytes(),
                "18446744073709551615 bytes");
        assertRefused(
                new SentencePieceFile()
                        .raw(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1)
                        .bytes(),
                "more than 10 bytes");
    }

    @Test
    void refusesFilesThatAreTooLargeOrHoldTooManyPieces() throws IOException {
        Path large = directory.resolve("large.model");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(Vocabulary.MAX_FILE_BYTES + 1);
        }
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Vocabulary.read(large))
                .withMessageContainingAll("large.model", "more than 33554432 bytes", "at most 33554432");

        byte[] piece = {0x0a, 3, 0x0a, 1, 'a'};
        byte[] many = new byte[(Vocabulary.MAX_PIECES + 1) * piece.length];
        for (int i = 0; i < many.length; i++) {
            many[i] = piece[i % piece.length];
        }
        assertRefused(many, "more than 1048576 pieces");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Vocabulary.read(directory.resolve("absent.model")))
                .withMessageContainingAll("absent.model", "NoSuchFile", "expected a readable file")
                .withCauseInstanceOf(IOException.class);
    }

    /** Every truncation gives a shorter vocabulary, where it falls between pieces, or the one exception. */
    @Test
    void everyTruncationAndEveryChangedByteIsReadOrRefused() throws IOException {
        byte[] whole = SentencePieceFile.withBytePieces("\u2581the", "\u2581boat");
        Random random = new Random(7);
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = Arrays.copyOf(whole, round % 2 == 0 ? random.nextInt(whole.length) : whole.length);
            if (damaged.length > 0) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                assertThat(read(damaged).size()).isPositive();
            } catch (CheckpointException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1000, 2999);
    }
}

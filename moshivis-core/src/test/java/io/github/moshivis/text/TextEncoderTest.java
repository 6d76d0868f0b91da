package io.github.moshivis.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextEncoderTest {
    private static final Path GOLDEN = Path.of(System.getProperty("golden.dir"));
    private static final int USER_DEFINED = 4;

    @TempDir
    Path directory;

    @Test
    void goldenRolePromptsAreEncodedAsTheReferenceDoes() throws IOException {
        Path set = GOLDEN.resolve("personaplex");
        JsonNode run = new ObjectMapper().readTree(set.resolve("run.json").toFile());
        TextEncoder encoder = Vocabulary.read(set.resolve("model").resolve("tokenizer_spm_32k_3.model"))
                .encoder();

        assertThat(encoder.encode(run.get("wrapped").asText())).containsExactly(ids(run.get("text_prompt_tokens")));
        for (JsonNode example : run.get("tokenizer")) {
            assertThat(encoder.encode(example.get("wrapped").asText())).containsExactly(ids(example.get("ids")));
            assertThat(encoder.encode(example.get("text").asText())).containsExactly(ids(example.get("ids_unwrapped")));
        }
    }

    @Test
    void theGoldenTranscriptionPromptIsEncodedAsTheReferenceDoes() throws IOException {
        Path set = GOLDEN.resolve("stt");
        JsonNode run = new ObjectMapper().readTree(set.resolve("run.json").toFile());
        Path model;
        try (var files = Files.list(set.resolve("model"))) {
            model = files.filter(file -> file.toString().endsWith(".model"))
                    .findFirst()
                    .orElseThrow();
        }

        assertThat(Vocabulary.read(model).encoder().encode(run.get("prompt").asText()))
                .containsExactly(ids(run.get("prompt_tokens")));
    }

    @Test
    void theBestSumOfScoresWins() throws IOException {
        SentencePieceFile file = unknownFirst()
                .piece("\u2581a", -1, SentencePieceFile.NORMAL)
                .piece("b", -1, SentencePieceFile.NORMAL)
                .piece("ab", -1, SentencePieceFile.NORMAL)
                .piece("\u2581", -1, SentencePieceFile.NORMAL)
                .piece("\u2581ab", -3.5f, SentencePieceFile.NORMAL);

        // -2 for "_a" "b" and for "_" "ab": the earlier start is found first
        assertThat(encode(file, "ab")).containsExactly(4, 3);
        assertThat(encode(file, "  ab   ab ")).containsExactly(4, 3, 4, 3);
        assertThat(encode(file, "ab??c")).as("a run of unknown characters").containsExactly(4, 3, 0);
        assertThat(encode(file, "   ")).isEmpty();
    }

    @Test
    void charactersWithoutAPieceBecomeBytes() throws IOException {
        byte[] model = new SentencePieceFile()
                .raw(toInts(SentencePieceFile.withBytePieces("\u2581", "a")))
                .message(2, new byte[] {(byte) (35 << 3 & 0x7f | 0x80), 2, 1}) // byte_fallback
                .bytes();

        assertThat(encode(model, "a\u00e9")).containsExactly(260, 261, 4 + 0xc3, 4 + 0xa9);
    }

    @Test
    void bytePairsMergeByScore() throws IOException {
        SentencePieceFile file = unknownFirst()
                .piece("\u2581", -9, SentencePieceFile.NORMAL)
                .piece("a", -9, SentencePieceFile.NORMAL)
                .piece("b", -9, SentencePieceFile.NORMAL)
                .piece("c", -9, SentencePieceFile.NORMAL)
                .piece("ab", -1, SentencePieceFile.NORMAL)
                .piece("bc", 0, SentencePieceFile.NORMAL)
                .piece("abc", -2, SentencePieceFile.NORMAL)
                .piece("<x>", 0, USER_DEFINED)
                .message(2, new byte[] {3 << 3, 2}); // BPE

        assertThat(encode(file, "ab")).containsExactly(1, 5);
        assertThat(encode(file, "abc")).as("first bc, then abc").containsExactly(1, 7);
        assertThat(encode(file, "a<x>bc")).containsExactly(1, 2, 8, 6);
    }

    @Test
    void charactersAreReplacedByTheModelsTable() throws IOException {
        SentencePieceFile file = unknownFirst()
                .piece("\u2581a", -1, SentencePieceFile.NORMAL)
                .piece("b", -1, SentencePieceFile.NORMAL)
                .message(3, normalizer(doubleArrayOfOneKey('A', "ab")));

        assertThat(encode(file, "A")).containsExactly(1, 2);
        assertThat(encode(file, "a")).containsExactly(1);
    }

    @Test
    void otherAlgorithmsAreRefusedByName() throws IOException {
        SentencePieceFile file = unknownFirst().message(2, new byte[] {3 << 3, 3});
        Vocabulary vocabulary = vocabulary(file.bytes());

        assertThatIllegalStateException()
                .isThrownBy(vocabulary::encoder)
                .withMessageContainingAll("WORD", "UNIGRAM or BPE");
    }

    /** A trie of one key of one byte: unit 0 leads to the label's unit, which leads to the value 0. */
    private static byte[] doubleArrayOfOneKey(char key, String replacement) {
        int root = 256; // offset of the root; the label's unit is root ^ key
        int leaf = 512;
        ByteBuffer units = ByteBuffer.allocate(4 * 1024).order(ByteOrder.LITTLE_ENDIAN);
        units.putInt(0, root << 10);
        int labelUnit = root ^ key;
        units.putInt(4 * labelUnit, (labelUnit ^ leaf) << 10 | 1 << 8 | key);
        units.putInt(4 * leaf, 1 << 31);
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        table.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(units.capacity())
                .array());
        table.writeBytes(units.array());
        table.writeBytes(replacement.getBytes(StandardCharsets.UTF_8));
        table.write(0);
        return table.toByteArray();
    }

    private static byte[] normalizer(byte[] map) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(2 << 3 | 2);
        message.write(map.length & 0x7f | 0x80);
        message.write(map.length >> 7);
        message.writeBytes(map);
        return message.toByteArray();
    }

    private static SentencePieceFile unknownFirst() {
        return new SentencePieceFile().piece("<unk>", 0, SentencePieceFile.UNKNOWN);
    }

    private int[] encode(SentencePieceFile file, String text) throws IOException {
        return encode(file.bytes(), text);
    }

    private int[] encode(byte[] model, String text) throws IOException {
        return vocabulary(model).encoder().encode(text);
    }

    private Vocabulary vocabulary(byte[] model) throws IOException {
        return Vocabulary.read(Files.write(directory.resolve("tokenizer.model"), model));
    }

    private static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static int[] toInts(byte[] bytes) {
        int[] ints = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            ints[i] = bytes[i];
        }
        return ints;
    }
}

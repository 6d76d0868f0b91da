package io.github.moshivis.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.TextPiece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The end-to-end golden set: what the reference's server sent for each row of its two runs. */
class GoldenMessagesTest {
    private static final Path E2E = Path.of(System.getProperty("golden.dir"), "e2e");
    /** Pieces that are one byte of a character; the reference sends their names, we send the character. */
    private static final String BYTE_PIECE = "<0x[0-9A-F]{2}>";

    static Stream<Path> runs() throws IOException {
        try (Stream<Path> files = Files.list(E2E)) {
            return files
                    .filter(file -> file.getFileName().toString().matches("expected_text_.*\\.json"))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    void eachRowIsTheReferencesMessage(Path run) throws IOException {
        int checked = 0;
        for (JsonNode row : new ObjectMapper().readTree(run.toFile()).get("messages")) {
            TextPiece piece = new TextPiece(
                    row.get("frame").longValue(),
                    row.get("token").intValue(),
                    row.get("piece").textValue(),
                    row.get("text").textValue(),
                    row.get("gate_weight").doubleValue());
            if (!piece.piece().matches(BYTE_PIECE)) {
                String hex = row.get("message_hex").textValue();
                Message.ColoredText message = Message.ColoredText.of(piece);
                assertThat(message.encode())
                        .as("frame %d", piece.frame())
                        .asHexString()
                        .isEqualToIgnoringCase(hex);
                assertThat(Message.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
                        .isEqualTo(message);
                checked++;
            }
        }
        assertThat(checked).isPositive();
    }
}

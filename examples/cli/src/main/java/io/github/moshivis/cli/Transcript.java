package io.github.moshivis.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.moshivis.Reply;
import io.github.moshivis.TextPiece;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * All tokens of a conversation, for the JSON document of {@code --tokens}: outputs and inputs of each frame. Used by one thread at a time.
 */
final class Transcript {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final List<Reply.Output> outputs = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final List<int[]> codes = new ArrayList<>();
    private final List<Integer> imageUsed = new ArrayList<>();

    /** The document; member names are the components in snake case. */
    private record Document(List<Frame> frames, List<int[]> codes, List<Integer> imageUsed) {}

    private record Frame(
            long frame, int textToken, String piece, String text, int[] audioTokens, double gateWeight, int color) {}

    /** Called for each answered frame of the user. */
    void reply(Reply reply) {
        codes.add(reply.userCodes());
        imageUsed.add(reply.imageUsed() ? 1 : 0);
        reply.output().ifPresent(output -> {
            outputs.add(output);
            texts.add("");
        });
    }

    /** Called for each text; the last frame's may come in two parts, if a character stayed incomplete. */
    void text(TextPiece piece) {
        texts.set((int) piece.frame(), texts.get((int) piece.frame()) + piece.text());
    }

    /**
     * Writes the document.
     *
     * @throws IOException if it cannot be written
     */
    void write(Path file) throws IOException {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            TextPiece said = outputs.get(i).text();
            frames.add(new Frame(
                    said.frame(),
                    said.token(),
                    said.piece(),
                    texts.get(i),
                    outputs.get(i).audioTokens(),
                    said.gateWeight(),
                    said.level()));
        }
        JSON.writeValue(file.toFile(), new Document(frames, codes, imageUsed));
    }
}

package io.github.moshivis.recording;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Reply;
import io.github.moshivis.TextPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;

/**
 * A conversation as a JSON document: when it began, its seeds and options, what the model said and when, and how many steps there
 * were. Written as it goes, under another name until it is complete.
 */
final class RecordedTranscript {
    private final Path target;
    private final Path partial;
    private final JsonGenerator out;

    /**
     * Begins a document.
     *
     * @param target the file
     * @param about what it says before the transcript: seeds, options, names of files
     */
    RecordedTranscript(Path target, Map<String, Object> about) throws IOException {
        this.target = target;
        this.partial = target.resolveSibling(target.getFileName() + ".partial");
        Files.deleteIfExists(target); // of an earlier talk: it must not stand beside this one's sound
        out = new ObjectMapper()
                .createGenerator(partial.toFile(), com.fasterxml.jackson.core.JsonEncoding.UTF8)
                .useDefaultPrettyPrinter();
        out.writeStartObject();
        out.writeStringField("started", Instant.now().toString());
        for (Map.Entry<String, Object> entry : about.entrySet()) {
            out.writeObjectField(entry.getKey(), entry.getValue());
        }
        out.writeArrayFieldStart("transcript");
    }

    void add(Reply reply) throws IOException {
        if (reply.output().isPresent()) {
            TextPiece piece = reply.output().get().text();
            if (!piece.text().isEmpty()) {
                out.writeStartObject();
                out.writeNumberField("step", reply.step());
                out.writeStringField("text", piece.text());
                out.writeNumberField("gate_weight", piece.gateWeight());
                out.writeEndObject();
            }
        }
    }

    /** Puts the finished file in its place. */
    void finish(long steps) throws IOException {
        out.writeEndArray();
        out.writeNumberField("steps", steps);
        out.writeEndObject();
        out.close();
        Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
    }
}

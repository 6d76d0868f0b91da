package io.github.moshivis.recording;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.transcript.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;

/**
 * A conversation as a JSON document: start, seeds and options, the model's text with times, and how many steps there
 * were. Written as it goes, under another name until it is complete.
 */
final class RecordedTranscript {
    private static final double FRAME_SECONDS = 1 / AudioSource.FRAME_RATE;

    private final Path target;
    private final Path partial;
    private final JsonGenerator out;
    private final boolean transcribes;
    /** Text of the model that waits for earlier words of the user; empty where none will come. */
    private final ArrayDeque<Said> waiting = new ArrayDeque<>();

    /** Text of the model, and the step in which it came. */
    private record Said(long step, String text, double gateWeight) {
        double time() {
            return step * FRAME_SECONDS;
        }
    }

    /**
     * Begins a document.
     *
     * @param target the file
     * @param about metadata before the transcript: seeds, options, names of files
     * @param transcribes whether words of the user will come, which come late and are put in order of time
     */
    RecordedTranscript(Path target, Map<String, Object> about, boolean transcribes) throws IOException {
        this.transcribes = transcribes;
        this.target = target;
        this.partial = target.resolveSibling(target.getFileName() + ".partial");
        Files.deleteIfExists(target); // of an earlier talk: it must not stand beside this one's sound
        out = new ObjectMapper()
                .createGenerator(partial.toFile(), com.fasterxml.jackson.core.JsonEncoding.UTF8)
                .useDefaultPrettyPrinter();
        try {
            begin(about);
        } catch (IOException | RuntimeException | Error e) {
            try {
                out.close();
                Files.delete(partial);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private void begin(Map<String, Object> about) throws IOException {
        out.writeStartObject();
        out.writeStringField("started", Instant.now().toString());
        for (Map.Entry<String, Object> entry : about.entrySet()) {
            out.writeObjectField(entry.getKey(), entry.getValue());
        }
        out.writeArrayFieldStart("transcript");
    }

    /** Adds text of the model, with how much it looked at the picture while it said that. */
    void add(long step, String text, double gateWeight) throws IOException {
        waiting.add(new Said(step, text, gateWeight));
        if (!transcribes) {
            writeUntil(Double.POSITIVE_INFINITY);
        }
    }

    /** Adds a final word of the user, after all earlier ones. */
    void add(Word word) throws IOException {
        writeUntil(word.start());
        out.writeStartObject();
        out.writeStringField("speaker", "user");
        out.writeStringField("text", word.text());
        out.writeNumberField("start", word.start());
        out.writeNumberField("end", word.end().orElse(word.start()));
        out.writeEndObject();
    }

    private void writeUntil(double time) throws IOException {
        while (!waiting.isEmpty() && waiting.peek().time() <= time) {
            Said said = waiting.poll();
            out.writeStartObject();
            out.writeNumberField("step", said.step());
            out.writeStringField("text", said.text());
            out.writeNumberField("gate_weight", said.gateWeight());
            out.writeEndObject();
        }
    }

    /** Puts the finished file in its place. */
    void finish(long steps) throws IOException {
        try (out) { // whatever fails, its file does not stay open
            writeUntil(Double.POSITIVE_INFINITY);
            out.writeEndArray();
            out.writeNumberField("steps", steps);
            out.writeEndObject();
        }
        Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
    }
}

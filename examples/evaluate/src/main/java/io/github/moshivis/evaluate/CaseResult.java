package io.github.moshivis.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.OptionalDouble;

/**
 * An answer of the model, with the correct one. Times are in audio time: output frame {@code n} of the model begins at {@code n} times 80
 * ms.
 *
 * @param id the question's name within its set
 * @param kind the kind of question
 * @param question the words of the question
 * @param want the right answer
 * @param answer everything that the model said, without spaces at its ends
 * @param response seconds from the end of the question to the frame of the model's first word, below zero for a word before that end;
 *     rounded to
 *     milliseconds; empty if there was no word
 * @param levelDuringQuestion level of the model's loudest frame before the end of the question, the root of the mean square in dBFS,
 *     rounded to tenths; {@value #SILENCE} for digital silence
 */
public record CaseResult(
        String id,
        String kind,
        String question,
        String want,
        String answer,
        OptionalDouble response,
        double levelDuringQuestion) {
    /** Level of digital silence in dBFS, and the lowest there is here. */
    public static final double SILENCE = -120;

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Returns whether the whole answer is correct, including punctuation.
     *
     * @return true if it is
     */
    public boolean isExact() {
        return answer.equals(want);
    }

    /**
     * Compares the words of the answer with those of the correct one.
     *
     * @return their errors
     */
    public WordErrors wordErrors() {
        return WordErrors.between(want, answer);
    }

    /** One line of JSON. */
    String toJson() {
        ObjectNode line = JSON.createObjectNode()
                .put("id", id)
                .put("kind", kind)
                .put("question", question)
                .put("want", want)
                .put("answer", answer)
                .put("exact", isExact())
                .put("word_errors", wordErrors().errors())
                .put("words", wordErrors().words());
        response.ifPresentOrElse(seconds -> line.put("response_s", seconds), () -> line.putNull("response_s"));
        return line.put("level_during_question_db", levelDuringQuestion).toString();
    }

    /** Parses the output of {@link #toJson}. */
    static CaseResult ofJson(String json) throws IOException {
        JsonNode line = JSON.readTree(json);
        JsonNode response = line.required("response_s");
        return new CaseResult(
                line.required("id").asText(),
                line.required("kind").asText(),
                line.required("question").asText(),
                line.required("want").asText(),
                line.required("answer").asText(),
                response.isNull() ? OptionalDouble.empty() : OptionalDouble.of(response.asDouble()),
                line.required("level_during_question_db").asDouble());
    }
}

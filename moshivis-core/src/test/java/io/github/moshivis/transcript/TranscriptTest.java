package io.github.moshivis.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TranscriptTest {
    private static Word word(int number, String text, double start, double end) {
        return new Word(number, text, start, OptionalDouble.of(end), true);
    }

    private final Transcript spoken = new Transcript(
            List.of(
                    word(0, "Is", 0.5, 0.7),
                    word(1, "1 < 2?", 0.7, 1.25),
                    word(2, "Yes.", 1.4, 1.8),
                    word(3, "So", 3661.5, 3662)),
            3662.5);

    @Test
    void segmentsEndWithSentencesAndBeforeSilences() {
        assertThat(spoken.segments()).extracting(Segment::text).containsExactly("Is 1 < 2?", "Yes.", "So");
        assertThat(spoken.segments()).extracting(Segment::start).containsExactly(0.5, 1.4, 3661.5);
        Transcript pause = new Transcript(List.of(word(0, "a", 0, 1), word(1, "b", 2.6, 3), word(2, "c", 3, 4)), 5);
        assertThat(pause.segments()).extracting(Segment::text).containsExactly("a", "b c");
    }

    @Test
    void segmentsAreNeitherLongNorWide() {
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            words.add(word(i, i < 100 ? "elephants" : "a", i / 2.0, i / 2.0 + 0.4));
        }
        List<Segment> segments = new Transcript(words, 101).segments();
        assertThat(segments).allMatch(segment -> segment.text().length() <= 84);
        assertThat(segments).allMatch(segment -> segment.end() - segment.start() <= 7);
        assertThat(segments.stream().mapToInt(segment -> segment.words().size()).sum())
                .isEqualTo(200);
    }

    @Test
    void subtitlesAreWrittenInBothFormats() {
        assertThat(spoken.srt())
                .isEqualTo("1\n00:00:00,500 --> 00:00:01,250\nIs 1 < 2?\n\n"
                        + "2\n00:00:01,400 --> 00:00:01,800\nYes.\n\n"
                        + "3\n01:01:01,500 --> 01:01:02,000\nSo\n\n");
        assertThat(spoken.webVtt())
                .startsWith("WEBVTT\n\n00:00:00.500 --> 00:00:01.250\nIs 1 &lt; 2?\n\n")
                .endsWith("01:01:01.500 --> 01:01:02.000\nSo\n\n");
    }

    @Test
    void jsonHoldsWordsWithTimes() throws IOException {
        JsonNode json = new ObjectMapper().readTree(spoken.json());
        assertThat(json.get("text").asText()).isEqualTo("Is 1 < 2? Yes. So");
        assertThat(json.get("duration").asDouble()).isEqualTo(3662.5);
        JsonNode second = json.get("segments").get(0).get("words").get(1);
        assertThat(second.get("text").asText()).isEqualTo("1 < 2?");
        assertThat(second.get("start").asDouble()).isEqualTo(0.7);
        assertThat(second.get("end").asDouble()).isEqualTo(1.25);
    }

    @Test
    void nothingSaidIsNothingWritten() {
        Transcript silent = new Transcript(List.of(), 3);
        assertThat(silent.text()).isEmpty();
        assertThat(silent.segments()).isEmpty();
        assertThat(silent.srt()).isEmpty();
        assertThat(silent.webVtt()).isEqualTo("WEBVTT\n\n");
    }
}

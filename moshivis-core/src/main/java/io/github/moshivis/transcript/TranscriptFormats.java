package io.github.moshivis.transcript;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** Writes transcripts down. Sources: the SubRip format as players read it; WebVTT, https://www.w3.org/TR/webvtt1/. */
final class TranscriptFormats {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TranscriptFormats() {}

    static String srt(List<Segment> segments) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            out.append(i + 1).append('\n').append(line(segment, ',')).append('\n');
            out.append(segment.text()).append("\n\n");
        }
        return out.toString();
    }

    static String webVtt(List<Segment> segments) {
        StringBuilder out = new StringBuilder("WEBVTT\n\n");
        for (Segment segment : segments) {
            String text =
                    segment.text().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
            out.append(line(segment, '.')).append('\n').append(text).append("\n\n");
        }
        return out.toString();
    }

    private static String line(Segment segment, char separator) {
        return time(segment.start(), separator) + " --> " + time(Math.max(segment.end(), segment.start()), separator);
    }

    private static String time(double seconds, char separator) {
        long millis = Math.round(1000 * seconds);
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d%c%03d",
                millis / 3_600_000,
                millis / 60_000 % 60,
                millis / 1000 % 60,
                separator,
                millis % 1000);
    }

    static String json(Transcript transcript) {
        ObjectNode root = JSON.createObjectNode();
        root.put("text", transcript.text());
        root.put("duration", rounded(transcript.duration()));
        ArrayNode segments = root.putArray("segments");
        for (Segment segment : transcript.segments()) {
            ObjectNode node = segments.addObject();
            node.put("start", rounded(segment.start()));
            node.put("end", rounded(segment.end()));
            node.put("text", segment.text());
            ArrayNode words = node.putArray("words");
            for (Word word : segment.words()) {
                ObjectNode entry = words.addObject();
                entry.put("text", word.text());
                entry.put("start", rounded(word.start()));
                word.end().ifPresent(end -> entry.put("end", rounded(end)));
            }
        }
        return root.toPrettyString();
    }

    /** Milliseconds are more than the times are worth. */
    private static double rounded(double seconds) {
        return Math.round(1000 * seconds) / 1000.0;
    }
}

package io.github.moshivis.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The final words of a sound, in order of time.
 *
 * @param words the words
 * @param duration seconds of sound
 */
public record Transcript(List<Word> words, double duration) {
    /** Two lines of 42 characters, as subtitles usually have. */
    private static final int MAX_CHARACTERS = 84;

    private static final double MAX_SECONDS = 7;

    /** A silence that begins a new segment, in seconds. */
    private static final double GAP = 1.5;

    private static final Pattern SENTENCE_END = Pattern.compile(".*[.?!…][\"'»”’)]*");

    /**
     * Copies the list.
     *
     * @param words copied
     * @param duration as it is
     */
    public Transcript {
        words = List.copyOf(words);
    }

    /**
     * All words, with spaces between them.
     *
     * @return one line; empty if nothing was said
     */
    public String text() {
        return words.stream().map(Word::text).collect(Collectors.joining(" "));
    }

    /**
     * The words in segments, each of which ends with a sentence, before a silence of 1.5 s, or before it has more than 84 characters or
     * seven seconds.
     *
     * @return the segments, in order of time
     */
    public List<Segment> segments() {
        List<Segment> segments = new ArrayList<>();
        List<Word> current = new ArrayList<>();
        int characters = 0;
        for (Word word : words) {
            if (!current.isEmpty() && startsSegment(current, characters, word)) {
                segments.add(new Segment(current));
                current.clear();
                characters = 0;
            }
            current.add(word);
            characters += word.text().length() + 1;
        }
        if (!current.isEmpty()) {
            segments.add(new Segment(current));
        }
        return segments;
    }

    private static boolean startsSegment(List<Word> current, int characters, Word word) {
        Word last = current.get(current.size() - 1);
        double end = word.end().orElse(word.start());
        return SENTENCE_END.matcher(last.text()).matches()
                || word.start() - last.end().orElse(last.start()) > GAP
                || characters + word.text().length() > MAX_CHARACTERS
                || end - current.get(0).start() > MAX_SECONDS;
    }

    /**
     * The segments as SubRip subtitles.
     *
     * @return the content of a {@code .srt} file
     */
    public String srt() {
        return TranscriptFormats.srt(segments());
    }

    /**
     * The segments as WebVTT subtitles.
     *
     * @return the content of a {@code .vtt} file
     */
    public String webVtt() {
        return TranscriptFormats.webVtt(segments());
    }

    /**
     * Text, duration, segments and words, with times in seconds.
     *
     * @return a JSON object
     */
    public String json() {
        return TranscriptFormats.json(this);
    }
}

package io.github.moshivis.transcript;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Words that are shown together, such as a subtitle.
 *
 * @param words the words, at least one
 */
public record Segment(List<Word> words) {
    /**
     * Copies the list.
     *
     * @param words copied
     * @throws IllegalArgumentException if there are none
     */
    public Segment {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("A segment has at least one word, found none");
        }
    }

    /**
     * Start of the first word.
     *
     * @return seconds from the beginning of the sound
     */
    public double start() {
        return words.get(0).start();
    }

    /**
     * End of the last word.
     *
     * @return seconds from the beginning of the sound
     */
    public double end() {
        Word last = words.get(words.size() - 1);
        return last.end().orElse(last.start());
    }

    /**
     * The words, with spaces between them.
     *
     * @return one line
     */
    public String text() {
        return words.stream().map(Word::text).collect(Collectors.joining(" "));
    }
}

package io.github.moshivis.evaluate;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Difference between two texts in words, ignoring case and punctuation.
 *
 * @param errors minimum number of words to replace, insert or remove (Levenshtein distance)
 * @param words number of words of the correct text
 */
public record WordErrors(int errors, int words) {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}']+");

    /**
     * Compares two texts.
     *
     * @param want the right one
     * @param found the other
     * @return the difference
     */
    public static WordErrors between(String want, String found) {
        List<String> wanted = words(want);
        return new WordErrors(distance(wanted, words(found)), wanted.size());
    }

    private static List<String> words(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        return NO_WORD.splitAsStream(plain).filter(word -> !word.isEmpty()).toList();
    }

    private static int distance(List<String> wanted, List<String> found) {
        int[] row = new int[found.size() + 1]; // errors between the words of wanted so far and each beginning of found
        Arrays.setAll(row, i -> i);
        for (String word : wanted) {
            int diagonal = row[0]++;
            for (int i = 1; i < row.length; i++) {
                int replaced = diagonal + (word.equals(found.get(i - 1)) ? 0 : 1);
                diagonal = row[i];
                row[i] = Math.min(replaced, 1 + Math.min(row[i - 1], row[i]));
            }
        }
        return row[found.size()];
    }
}

package io.github.moshivis.evaluate;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Counts of several answers.
 *
 * @param cases number of questions
 * @param exact correct answers, including punctuation
 * @param words errors of all answers, in all words of the right ones
 * @param response time from the end of the question to the first word; empty if no question was answered
 * @param silent questions during which the model was below {@value #AUDIBLE} dBFS in every frame
 * @param loudest level of the model's loudest frame during any question, in dBFS
 */
public record Summary(int cases, int exact, WordErrors words, Optional<Times> response, int silent, double loudest) {
    /** Level in dBFS from which a frame of 80 ms counts as audible. */
    public static final double AUDIBLE = -45;

    private static final double LOW = 0.05;
    private static final double HIGH = 0.95;

    /**
     * Distribution of response times.
     *
     * @param low the 5th percentile in seconds
     * @param median the median in seconds
     * @param high the 95th percentile in seconds
     */
    public record Times(double low, double median, double high) {}

    /**
     * Counts answers.
     *
     * @param results the answers
     * @return their counts
     */
    public static Summary of(Collection<CaseResult> results) {
        List<WordErrors> words = results.stream().map(CaseResult::wordErrors).toList();
        return new Summary(
                results.size(),
                (int) results.stream().filter(CaseResult::isExact).count(),
                new WordErrors(
                        words.stream().mapToInt(WordErrors::errors).sum(),
                        words.stream().mapToInt(WordErrors::words).sum()),
                times(results),
                (int) results.stream()
                        .filter(result -> result.levelDuringQuestion() < AUDIBLE)
                        .count(),
                results.stream()
                        .mapToDouble(CaseResult::levelDuringQuestion)
                        .max()
                        .orElse(CaseResult.SILENCE));
    }

    /**
     * Counts answers by the kind of question.
     *
     * @param results the answers
     * @return counts by kind, in the order of the first answer of each
     */
    public static Map<String, Summary> byKind(Collection<CaseResult> results) {
        Map<String, Summary> summaries = new LinkedHashMap<>();
        results.stream()
                .collect(Collectors.groupingBy(CaseResult::kind, LinkedHashMap::new, Collectors.toList()))
                .forEach((kind, some) -> summaries.put(kind, of(some)));
        return summaries;
    }

    /**
     * Returns the share of correct answers.
     *
     * @return 0 to 1; 0 without questions
     */
    public double exactShare() {
        return cases == 0 ? 0 : (double) exact / cases;
    }

    /**
     * Returns word errors per word of the correct answers.
     *
     * @return 0 or more
     */
    public double wordErrorRate() {
        return words.words() == 0 ? 0 : (double) words.errors() / words.words();
    }

    private static Optional<Times> times(Collection<CaseResult> results) {
        double[] sorted = results.stream()
                .flatMapToDouble(result -> result.response().stream())
                .sorted()
                .toArray();
        return sorted.length == 0
                ? Optional.empty()
                : Optional.of(new Times(quantile(sorted, LOW), quantile(sorted, 0.5), quantile(sorted, HIGH)));
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }
}

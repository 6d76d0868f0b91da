package io.github.moshivis.evaluate;

import java.util.List;

/**
 * Answers of a model whose weights were loaded in one form.
 *
 * @param name the form for people, such as {@code q4}
 * @param folder name of the folder below the report's in which recordings are, as {@link Evaluator} writes them
 * @param results the answers, in the order of the set
 */
public record EvaluatedForm(String name, String folder, List<CaseResult> results) {
    /** Creates a form. */
    public EvaluatedForm {
        results = List.copyOf(results);
    }

    /**
     * Counts the answers.
     *
     * @return the counts of all of them
     */
    public Summary summary() {
        return Summary.of(results);
    }
}

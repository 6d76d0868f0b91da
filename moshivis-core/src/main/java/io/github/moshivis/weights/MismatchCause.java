package io.github.moshivis.weights;

import java.util.List;
import java.util.function.Predicate;

/** Guess at the cause when a file does not hold what its configuration describes. */
public final class MismatchCause {
    /** Number of wrong tensors that a message names: the first few say as much as all. */
    public static final int MAX_LISTED = 5;

    private static final String MISSING = ": missing";

    private MismatchCause() {}

    /**
     * Guesses the cause.
     *
     * @param problems a line for each wrong tensor, its name first
     * @param extra names in the file that the model does not use
     * @param expected number of tensors that were looked for
     * @return the guess and the remedy, without a period
     */
    public static String guess(List<String> problems, List<String> extra, int expected) {
        long missing = problems.stream().filter(line -> line.contains(MISSING)).count();
        if (extra.stream().anyMatch(isAdapter())) {
            return "The file seems to hold a low-rank adapter beside or in place of the weights: merge it, or load the model"
                    + " that it was trained on and name the adapter in LoadOptions.adapter";
        }
        if (missing >= expected * 0.9) {
            return "The file seems to be another model's: name this model's file";
        }
        if (missing < problems.size() / 2.0) {
            return "The configuration seems to be that of a model of another size: use the configuration that belongs to"
                    + " this file";
        }
        return extra.isEmpty()
                ? "The file seems to be incomplete, or its configuration describes more layers: download the file again, or"
                        + " use the configuration that belongs to it"
                : "The file seems to be of another form or version of the model: use the configuration that belongs to"
                        + " this file, or download the file again";
    }

    private static Predicate<String> isAdapter() {
        return name -> name.contains("lora_A") || name.contains("lora_B") || name.contains("frozen_W");
    }
}

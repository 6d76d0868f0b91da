package io.github.moshivis.weights;

import io.github.moshivis.errors.CheckpointException;
import java.util.List;
import java.util.function.Predicate;

/** Report about files that do not hold the model that their configuration describes, with a guess at the cause. */
public final class Mismatch {
    /** Number of wrong tensors that a message names: the first few say as much as all. */
    private static final int MAX_LISTED = 5;

    private static final String MISSING = ": missing";

    private Mismatch() {}

    /**
     * Makes the error.
     *
     * @param action the action that failed and its file, such as {@code Cannot load model.safetensors}
     * @param problems a line for each wrong tensor or file, its name first
     * @param extra names in the file that the model does not use
     * @param expected number of tensors that were looked for
     * @return the error
     */
    public static CheckpointException failure(String action, List<String> problems, List<String> extra, int expected) {
        return new CheckpointException(action
                + ": it does not hold the whole model that its configuration describes. Found " + problems.size()
                + (problems.size() == 1 ? " problem: " : " problems: ") + listed(problems)
                + (extra.isEmpty() ? "" : ". Not expected: " + listed(extra))
                + ". " + cause(problems, extra, expected));
    }

    /**
     * Joins items for a message.
     *
     * @param items any number
     * @return the first few, and the number of the others
     */
    static String listed(List<String> items) {
        String shown = String.join("; ", items.subList(0, Math.min(items.size(), MAX_LISTED)));
        return items.size() <= MAX_LISTED ? shown : shown + "; and " + (items.size() - MAX_LISTED) + " more";
    }

    private static String cause(List<String> problems, List<String> extra, int expected) {
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

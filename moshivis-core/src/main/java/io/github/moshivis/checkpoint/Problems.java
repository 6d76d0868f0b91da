package io.github.moshivis.checkpoint;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.weights.MismatchCause;
import java.util.List;

/** Says what is wrong with a model. */
final class Problems {
    private Problems() {}

    /**
     * Failure of a check.
     *
     * @param what was tried
     * @param problems a line each
     * @param extra names that the model does not use
     * @param expected number of tensors that were looked for
     */
    static CheckpointException failure(String what, List<String> problems, List<String> extra, int expected) {
        int shown = Math.min(MismatchCause.MAX_LISTED, problems.size());
        String more = problems.size() > shown ? "; and " + (problems.size() - shown) + " more" : "";
        return new CheckpointException(
                what + ": found that it does not hold the whole model that its configuration describes, "
                        + problems.size() + " things are wrong: " + String.join("; ", problems.subList(0, shown)) + more
                        + ". " + MismatchCause.guess(problems, extra, expected) + ".");
    }
}

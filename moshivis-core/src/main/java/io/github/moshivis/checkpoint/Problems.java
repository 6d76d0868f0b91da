package io.github.moshivis.checkpoint;

import io.github.moshivis.errors.CheckpointException;
import java.util.List;

/** Says what is wrong with a model. */
final class Problems {
    private static final int MOST = 20;

    private Problems() {}

    static CheckpointException failure(String what, List<String> problems) {
        String shown = String.join("; ", problems.subList(0, Math.min(MOST, problems.size())));
        String more = problems.size() > MOST ? "; and " + (problems.size() - MOST) + " more" : "";
        return new CheckpointException(
                what + ": found that it does not hold the whole model that its configuration describes, "
                        + problems.size() + " things are wrong: " + shown + more
                        + ". Use the configuration that belongs to it, or download it again.");
    }
}

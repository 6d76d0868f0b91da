package io.github.moshivis;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Random sequences of actions, and the shortest one that still fails. */
public final class Sequences {
    private Sequences() {}

    /** A sequence's run on a fresh state, which throws whatever must not be. */
    @FunctionalInterface
    public interface Trial<A> {
        void run(List<A> actions) throws Exception;
    }

    /**
     * Tries sequences of seeds from 0 on; one that fails is shortened, and shown with its seed.
     *
     * @param count how many
     * @param sequence makes a sequence
     * @param trial runs it
     */
    public static <A> void check(int count, Function<Random, List<A>> sequence, Trial<A> trial) {
        for (int seed = 0; seed < count; seed++) {
            List<A> actions = sequence.apply(new Random(seed));
            Throwable first = failure(actions, trial);
            if (first != null) {
                List<A> shortest = shortened(actions, trial);
                Throwable last = failure(shortest, trial); // none if it does not always fail
                throw new AssertionError(
                        "seed " + seed + ", shortest sequence that fails: " + shortest, last == null ? first : last);
            }
        }
    }

    /** A sequence that fails, without the actions that it fails without. */
    static <A> List<A> shortened(List<A> actions, Trial<A> trial) {
        List<A> shortest = actions;
        for (int i = shortest.size() - 1; i >= 0; i--) {
            List<A> shorter = new ArrayList<>(shortest);
            shorter.remove(i);
            if (failure(shorter, trial) != null) {
                shortest = shorter;
            }
        }
        return shortest;
    }

    private static <A> Throwable failure(List<A> actions, Trial<A> trial) {
        try {
            trial.run(actions);
            return null;
        } catch (Throwable e) { // an AssertionError, too
            return e;
        }
    }
}

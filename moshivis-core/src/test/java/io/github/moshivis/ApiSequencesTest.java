package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.moshivis.ApiActions.Action;
import io.github.moshivis.ApiActions.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random sequences of the API against a model of what may be observed. A sequence that fails is shortened as long as it fails, and shown with
 * its seed. Sequences of the long part: {@code sequences}.
 */
class ApiSequencesTest {
    private static final int MAX_ACTIONS = 40;
    private static final int MANY = Integer.getInteger("sequences", 20_000);

    /** Held, as loggers that nobody holds forget their level. Planned failures of hosts are logged. */
    private final Logger log = Logger.getLogger("io.github.moshivis");

    private MoshiVis model;

    @BeforeEach
    void quiet() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void close() {
        log.setLevel(null);
        if (model != null) {
            model.close();
        }
    }

    private static List<Action> sequence(Random random) {
        List<Action> actions = new ArrayList<>();
        Kind[] kinds = Kind.values();
        for (int i = random.nextInt(MAX_ACTIONS); i >= 0; i--) {
            Kind kind = kinds[random.nextInt(kinds.length)];
            if (kind != Kind.CLOSE_MODEL || random.nextInt(10) == 0) {
                actions.add(new Action(kind, random.nextInt(1000)));
            }
        }
        return actions;
    }

    /** What the sequence does that it must not; null for nothing. */
    private Throwable failure(List<Action> actions) {
        if (model == null) {
            model = new FakeModel(ApiActions.SLOTS).model;
        }
        ApiActions host = new ApiActions(model);
        try {
            actions.forEach(host::run);
            host.end();
            model = host.isModelClosed() ? null : model;
            return null;
        } catch (Throwable e) {
            model.close();
            model = null;
            return e;
        }
    }

    /** A sequence that fails, without the actions that it fails without. */
    private List<Action> shortened(List<Action> actions) {
        List<Action> shortest = actions;
        for (int i = shortest.size() - 1; i >= 0; i--) {
            List<Action> shorter = new ArrayList<>(shortest);
            shorter.remove(i);
            if (failure(shorter) != null) {
                shortest = shorter;
            }
        }
        return shortest;
    }

    private void sequences(int count) {
        for (int seed = 0; seed < count; seed++) {
            List<Action> actions = sequence(new Random(seed));
            if (failure(actions) != null) {
                List<Action> shortest = shortened(actions);
                fail("seed " + seed + ", shortest sequence that fails: " + shortest, failure(shortest));
            }
        }
    }

    @Test
    @Timeout(600)
    void fewSequences() {
        sequences(25);
    }

    @Test
    @Tag("stress")
    void manySequences() {
        sequences(MANY);
    }

    @Test
    void aSequenceThatFailsIsShortened() {
        List<Action> actions = new ArrayList<>(sequence(new Random(5)));
        actions.add(0, null); // no action: fails, whatever follows
        List<Action> shortest = shortened(actions);
        assertThat(shortest).hasSize(1).containsOnlyNulls();
    }
}

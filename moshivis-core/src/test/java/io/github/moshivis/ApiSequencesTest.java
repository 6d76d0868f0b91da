package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;

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

    private void run(List<Action> actions) {
        if (model == null) {
            model = new FakeModel(ApiActions.SLOTS).model;
        }
        ApiActions host = new ApiActions(model);
        boolean good = false;
        try {
            actions.forEach(host::run);
            host.end();
            good = !host.isModelClosed();
        } finally {
            if (!good) {
                model.close();
                model = null;
            }
        }
    }

    @Test
    @Timeout(600)
    void fewSequences() {
        Sequences.check(25, ApiSequencesTest::sequence, this::run);
    }

    @Test
    @Tag("stress")
    void manySequences() {
        Sequences.check(MANY, ApiSequencesTest::sequence, this::run);
    }

    @Test
    void aSequenceThatFailsIsShortened() {
        List<Action> actions = new ArrayList<>(sequence(new Random(5)));
        actions.add(0, null); // no action: fails, whatever follows
        List<Action> shortest = Sequences.shortened(actions, this::run);
        assertThat(shortest).hasSize(1).containsOnlyNulls();
    }
}

package io.github.moshivis.test;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.moshivis.MoshiVis;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

class MoshiVisExtensionTest {
    /** Keeps its model and fails. The build skips nested classes; the test below selects it. */
    @MoshiVisTest
    static class Guinea {
        static MoshiVis kept;

        @Test
        void keepsTheModelAndFails(MoshiVis model) {
            kept = model;
            throw new AssertionError("as intended");
        }
    }

    @Test
    void closesTheModelAfterTheLastTestOfAClassAlsoOfOneThatFails() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Guinea.class))
                .execute()
                .testEvents()
                .assertStatistics(events -> events.started(1).failed(1));
        assertThatThrownBy(() -> Guinea.kept.session().open()).isInstanceOf(IllegalStateException.class);
    }
}

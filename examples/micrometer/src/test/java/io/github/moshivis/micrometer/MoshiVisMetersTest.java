package io.github.moshivis.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.Session;
import io.github.moshivis.SlotTicket;
import io.github.moshivis.test.MoshiVisTest;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@MoshiVisTest(conversations = 2)
class MoshiVisMetersTest {
    private final MoshiVis model;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    MoshiVisMetersTest(MoshiVis model) {
        this.model = model;
        // sample: meters
        new MoshiVisMeters(model, Tags.of("model", "moshika")).bindTo(registry);
        // end
    }

    private double gauge(String name) {
        return registry.get(name).tag("model", "moshika").gauge().value();
    }

    @Test
    void slotsAndQueueFollowTheModel() {
        assertThat(gauge("moshivis.slots")).isEqualTo(2);
        assertThat(gauge("moshivis.slots.free")).isEqualTo(2);
        try (Session first = model.session().open();
                Session second = model.session().open();
                SlotTicket third = model.ticket()) {
            assertThat(gauge("moshivis.slots.free")).isZero();
            assertThat(gauge("moshivis.queue")).isEqualTo(1);
        }
        assertThat(gauge("moshivis.slots.free")).isEqualTo(2);
        assertThat(gauge("moshivis.queue")).isZero();
    }

    @Test
    void framesAndTheirTimesAreMeasured() {
        double before = registry.get("moshivis.frames").functionCounter().count();
        try (Session session = model.session().open()) {
            for (int i = 0; i < 3; i++) {
                session.step(new float[Session.FRAME_SAMPLES]);
            }
        }
        assertThat(registry.get("moshivis.frames").functionCounter().count() - before)
                .isEqualTo(3);
        for (String quantile : new String[] {"0.5", "0.95", "0.99", "1"}) {
            double millis = registry.get("moshivis.frame.time")
                    .tag("quantile", quantile)
                    .timeGauge()
                    .value(TimeUnit.MILLISECONDS);
            assertThat(millis).as(quantile).isPositive();
        }
    }

    @Test
    void lagAndMemoryAreMeasured() {
        for (String kind : new String[] {"late", "underrun", "skipped"}) {
            assertThat(registry.get("moshivis.lag")
                            .tag("kind", kind)
                            .functionCounter()
                            .count())
                    .isZero();
        }
        assertThat(registry.get("moshivis.memory.tensors").gauge().value()).isGreaterThan(1_000_000);
    }

    @Test
    void absentArgumentsAreNamed() {
        assertThatThrownBy(() -> new MoshiVisMeters(null, Tags.empty())).hasMessage("model");
        assertThatThrownBy(() -> new MoshiVisMeters(model, null)).hasMessage("tags");
    }
}

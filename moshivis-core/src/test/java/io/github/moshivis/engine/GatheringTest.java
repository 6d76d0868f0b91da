package io.github.moshivis.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.io.AudioSource;
import io.github.moshivis.tensor.Device;
import org.junit.jupiter.api.Test;

/** Conversations whose frames come as fast as their results share ticks; nobody else waits for them. */
class GatheringTest {
    private static final int SLOTS = 3;

    private final Engine engine =
            new Engine(new Engine.Parts(null, null, Device.CPU, SLOTS, 0, 0, false, 1, 0, false, 0, false), () -> 0);
    private final Slots slots = engine.slots();
    private final SlotLease one = unpaced();
    private final SlotLease two = unpaced();

    private SlotLease unpaced() {
        SlotLease lease = slots.claim();
        lease.unpaced();
        return lease;
    }

    private static void put(SlotLease... leases) {
        for (SlotLease lease : leases) {
            lease.putSkipping(UserFrame.of(new float[AudioSource.FRAME_SAMPLES]));
        }
    }

    private boolean isGathering() {
        engine.lock.lock();
        try {
            return slots.isGathering();
        } finally {
            engine.lock.unlock();
        }
    }

    /** Takes the frames of a tick. */
    private int tick() {
        Batch batch = new Batch(SLOTS);
        engine.lock.lock();
        try {
            slots.endGathering();
            slots.ready().forEach(batch::take);
        } finally {
            engine.lock.unlock();
        }
        return batch.size();
    }

    @Test
    void tickWaitsForThoseOfTheLastOne() {
        put(one, two);
        assertThat(isGathering()).as("all are there").isFalse();
        assertThat(tick()).isEqualTo(2);
        assertThat(isGathering()).as("nobody is there").isFalse();
        put(one);
        assertThat(isGathering()).isTrue();
        put(two);
        assertThat(isGathering()).isFalse();
    }

    @Test
    void tickWaitsOnceForOneThatIsSlow() {
        put(one, two);
        tick();
        put(one);
        assertThat(isGathering()).isTrue();
        assertThat(tick()).as("after the wait").isEqualTo(1);
        put(one);
        assertThat(isGathering()).isFalse();
        put(two);
        tick();
        put(two);
        assertThat(isGathering()).as("both took part again").isTrue();
    }

    @Test
    void tickWaitsForNobodyWhoHasEnded() {
        put(one, two);
        tick();
        put(one);
        two.close();
        assertThat(isGathering()).isFalse();
    }

    @Test
    void liveFrameStartsTheTickAndIsNotWaitedFor() {
        SlotLease live = slots.claim();
        put(one, two, live);
        assertThat(tick()).isEqualTo(3);
        put(one, two);
        assertThat(isGathering()).as("only the live one is missing").isFalse();
        assertThat(tick()).isEqualTo(2);
        put(one);
        assertThat(isGathering()).isTrue();
        put(live);
        assertThat(isGathering()).isFalse();
    }
}

package io.github.moshivis.engine;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.tensor.Device;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The queue for slots under all schedules of a few threads: its calls take effect one after the other. */
@Param(name = "entry", gen = IntGen.class, conf = "0:1")
public class SlotsLinearizabilityTest {
    private static final int ITERATIONS = 30;
    private static final int SCHEDULES = 300;

    private final Slots slots = new Engine(
                    new Engine.Parts(null, null, Device.CPU, 1, 0, 0, false, 1, 0, false, 0, false), () -> 0)
            .slots();
    private final QueueEntry[] entries = {slots.join(false), slots.join(false)};
    private final AtomicReferenceArray<SlotLease> held = new AtomicReferenceArray<>(2);

    private static String slot(Supplier<SlotLease> action) {
        try {
            return "slot " + action.get().slot;
        } catch (ConversationException e) {
            return String.valueOf(e.reason());
        } catch (IllegalStateException e) {
            return "used";
        }
    }

    @Operation
    public String claim() {
        return slot(slots::claim);
    }

    @Operation
    public String take(@Param(name = "entry") int entry) {
        return slot(() -> {
            SlotLease lease = entries[entry].take();
            held.set(entry, lease);
            return lease;
        });
    }

    @Operation
    public void cancel(@Param(name = "entry") int entry) {
        entries[entry].cancel();
    }

    @Operation(nonParallelGroup = "giver")
    public boolean giveBack(@Param(name = "entry") int entry) {
        SlotLease lease = held.getAndSet(entry, null);
        if (lease != null) {
            lease.close();
        }
        return lease != null;
    }

    @Operation
    public int free() {
        return slots.free();
    }

    @Operation
    public int waiting() {
        return slots.waiting();
    }

    @Test
    @Tag("stress")
    void inAnySchedule() {
        new ModelCheckingOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(SCHEDULES)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(2)
                .check(getClass());
    }
}

package io.github.moshivis.engine;

import io.github.moshivis.tensor.GraphRecorder;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.Tensor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Engines that tick on the CPU in the way of a GPU: plans packed into one buffer, shapes from few, work replayed. */
public final class PackedEngine {
    private PackedEngine() {}

    /** An engine whose work is done each time. */
    public static Engine start(Engine.Parts parts) {
        return Engine.start(parts, (p, stream) -> new Ticker(p, Inputs.packed(p.device()), null), System::nanoTime);
    }

    /**
     * An engine that replays: the work of a tick is that of an earlier tick with the same signature. All that Java knew when that one
     * was planned is as a graph would have frozen it; only the uploaded inputs are new.
     *
     * @param replays counts replayed ticks
     */
    public static Engine replaying(Engine.Parts parts, AtomicInteger replays) {
        return Engine.start(
                parts, (p, stream) -> new Ticker(p, Inputs.packed(p.device()), new Rerun(replays)), System::nanoTime);
    }

    /** In place of a graph the work as it was recorded, run again. */
    record Rerun(AtomicInteger replays) implements GraphRecorder {
        @Override
        public Recording record(Supplier<Tensor> work) {
            return new Recording() {
                @Override
                public Tensor replay() {
                    replays.incrementAndGet();
                    return work.get();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }
}

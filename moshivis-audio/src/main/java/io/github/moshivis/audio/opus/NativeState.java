package io.github.moshivis.audio.opus;

import com.sun.jna.ptr.PointerByReference;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Memory of libopus, which is freed once. If it is not closed, it is freed when it becomes unreachable, with a warning. */
final class NativeState implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(NativeState.class.getName());
    private static final Cleaner CLEANER = Cleaner.create();
    private static final AtomicInteger LIVE = new AtomicInteger();

    private final String what;
    private final Memory memory;
    private final Cleaner.Cleanable cleanable;

    NativeState(String what, PointerByReference pointer, Consumer<PointerByReference> free) {
        this.what = what;
        this.memory = new Memory(what, pointer, free);
        this.cleanable = CLEANER.register(this, memory);
        LIVE.incrementAndGet();
    }

    /** Number of states that were not freed. */
    static int live() {
        return LIVE.get();
    }

    PointerByReference get() {
        if (memory.closed) {
            throw new IllegalStateException("This " + what + " is closed; make a new one for each stream");
        }
        return memory.pointer;
    }

    @Override
    public void close() {
        memory.closed = true;
        cleanable.clean();
    }

    /** Separate from its owner, which it must not keep reachable. */
    private static final class Memory implements Runnable {
        private final String what;
        private final PointerByReference pointer;
        private final Consumer<PointerByReference> free;
        private volatile boolean closed;

        Memory(String what, PointerByReference pointer, Consumer<PointerByReference> free) {
            this.what = what;
            this.pointer = pointer;
            this.free = free;
        }

        @Override
        public void run() {
            if (!closed) {
                LOGGER.log(Level.WARNING, "An {0} was never closed; close what made it", what);
            }
            free.accept(pointer);
            LIVE.decrementAndGet();
        }
    }
}

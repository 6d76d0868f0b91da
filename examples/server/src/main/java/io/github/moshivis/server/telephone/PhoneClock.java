package io.github.moshivis.server.telephone;

import io.github.moshivis.server.chat.Daemons;
import io.github.moshivis.server.log.Events;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Clock of all calls: one thread, 50 ticks a second. Late ticks are caught up. Thread-safe. */
public final class PhoneClock implements AutoCloseable {
    private static final long FRAME_MILLIS = 20;

    private final Set<PhoneCall> calls = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread = Daemons.clock("moshivis-telephone");

    /** Creates a running clock. */
    public PhoneClock() {
        thread.scheduleAtFixedRate(this::tick, FRAME_MILLIS, FRAME_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        for (PhoneCall call : calls) {
            try {
                call.tick();
            } catch (Throwable e) { // a failure of one call must not stop the clock of all
                Events.of("telephone-tick-failed").log(Level.ERROR, e);
            }
        }
    }

    void add(PhoneCall call) {
        calls.add(call);
    }

    void remove(PhoneCall call) {
        calls.remove(call);
    }

    /** Returns the number of calls. */
    int calls() {
        return calls.size();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

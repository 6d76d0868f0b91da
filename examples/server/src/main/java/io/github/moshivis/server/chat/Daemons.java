package io.github.moshivis.server.chat;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Named threads that do not keep the program alive. */
public final class Daemons {
    private Daemons() {}

    /**
     * Creates threads that are numbered from 1.
     *
     * @param prefix their names without the number
     * @return a factory
     */
    public static ThreadFactory numbered(String prefix) {
        AtomicLong number = new AtomicLong();
        return task -> thread(prefix + number.incrementAndGet(), task);
    }

    /**
     * Creates a scheduler with one thread.
     *
     * @param name the thread's name
     * @return a scheduler, to be shut down by the caller
     */
    public static ScheduledExecutorService clock(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> thread(name, task));
    }

    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}

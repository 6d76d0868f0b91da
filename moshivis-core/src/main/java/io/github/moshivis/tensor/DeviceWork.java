package io.github.moshivis.tensor;

import java.util.function.Supplier;

/**
 * A stretch of work on the device in which the host hands nothing over and reads nothing back, so that it can be recorded once and
 * replayed with other inputs. Whatever would do so throws while it runs. A thread's own; helpers ({@link KernelThreads}) are for the
 * CPU, where nothing is recorded.
 */
public final class DeviceWork {
    private static final ThreadLocal<Boolean> RUNNING = new ThreadLocal<>();

    private DeviceWork() {}

    /**
     * Runs work on this thread.
     *
     * @param work uses operators and nothing else
     * @return what it returns
     * @throws IllegalStateException if it touches memory of the host
     */
    public static <T> T run(Supplier<T> work) {
        if (RUNNING.get() != null) {
            throw new IllegalStateException(
                    "Work on the device was begun within work on the device; run one after another");
        }
        RUNNING.set(true);
        try {
            return work.get();
        } finally {
            RUNNING.remove();
        }
    }

    static void forbid(String what) {
        if (RUNNING.get() != null) {
            throw new IllegalStateException(
                    "Work on the device must neither take from the host nor give to it while it runs," + " found "
                            + what + ". Add what it needs to Inputs beforehand and read results afterwards");
        }
    }
}

package io.github.moshivis.plugin;

import java.lang.System.Logger;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Warnings of the host's code that is called again and again, such as a listener: the first {@value #LOGGED} failures are logged, as an endless
 * conversation would fill the log. Thread-safe.
 */
public final class FailureLog {
    private static final int LOGGED = 10;

    private final Logger log;
    private final String what;
    private final AtomicInteger failures = new AtomicInteger();

    /**
     * Creates a log of one listener, or of those of one conversation.
     *
     * @param log the log
     * @param what what failed, and what goes on
     */
    public FailureLog(Logger log, String what) {
        this.log = log;
        this.what = what;
    }

    /**
     * Logs a failure, unless there were many. Never throws.
     *
     * @param failure what was thrown
     */
    public void warn(Throwable failure) {
        int count = failures.updateAndGet(before -> Math.min(LOGGED + 1, before + 1));
        if (count <= LOGGED) {
            HostCode.warn(log, count < LOGGED ? what : what + "; more failures are not logged", failure);
        }
    }
}

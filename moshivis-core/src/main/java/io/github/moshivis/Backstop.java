package io.github.moshivis;

import java.lang.System.Logger.Level;

/** Frees what nobody can close any more, with a warning. Must not refer to its owner, or that would stay reachable. */
final class Backstop implements Runnable {
    private static final System.Logger LOG = System.getLogger(Backstop.class.getName());

    private final AutoCloseable resource;
    private final String warning;
    private volatile boolean closed;

    /**
     * Watches over a resource.
     *
     * @param resource closed once; its close throws no checked exception
     * @param warning logged if the owner did not close it
     */
    Backstop(AutoCloseable resource, String warning) {
        this.resource = resource;
        this.warning = warning;
    }

    /** Says that the owner closes the resource itself. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void run() {
        if (!closed) {
            LOG.log(Level.WARNING, warning);
        }
        try {
            resource.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("closing throws no checked exception", e);
        }
    }
}

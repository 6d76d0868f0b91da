package io.github.moshivis;

import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;

/**
 * Closes a resource once: when its owner is closed, or with a warning when an unclosed owner is garbage-collected. The resource must not refer
 * to the owner, or that would stay reachable.
 */
final class Backstop implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Backstop.class.getName());
    private static final Cleaner CLEANER = Cleaner.create();

    private final AutoCloseable resource;
    private final String warning;
    private final Cleaner.Cleanable cleanable;
    private volatile boolean closed;

    /**
     * Watches over a resource.
     *
     * @param owner has the resource
     * @param resource closed once; its close throws no checked exception
     * @param warning logged if the owner did not close it
     */
    Backstop(Object owner, AutoCloseable resource, String warning) {
        this.resource = resource;
        this.warning = warning;
        this.cleanable = CLEANER.register(owner, this::free);
    }

    /** Begins the end: {@link #isClosed} holds from now on, while the resource lasts until {@link #close}. */
    void beginClosing() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Closes the resource. Idempotent. */
    @Override
    public void close() {
        closed = true;
        cleanable.clean();
    }

    private void free() {
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

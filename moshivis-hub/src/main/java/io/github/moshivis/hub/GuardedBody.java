package io.github.moshivis.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A response's body that ends with an {@link IOException} when nothing arrives for too long, or its work is cancelled: the JDK's
 * client times the headers only. {@link HubHttp} calls {@link #guard} now and then from another thread.
 */
final class GuardedBody extends FilterInputStream {
    private static final System.Logger LOG = System.getLogger(GuardedBody.class.getName());
    private static final long NOT_READING = 0;

    private final Duration stallTimeout;
    private final Cancellation cancellation;
    private volatile long readingSince = NOT_READING;
    private volatile boolean stalled;
    private volatile boolean closed;

    GuardedBody(InputStream body, Duration stallTimeout, Cancellation cancellation) {
        super(body);
        this.stallTimeout = stallTimeout;
        this.cancellation = cancellation;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        cancellation.check();
        readingSince = System.nanoTime() | 1; // never NOT_READING
        try {
            return super.read(buffer, offset, length);
        } catch (IOException e) {
            if (stalled) {
                throw new IOException("nothing arrived for " + stallTimeout.toSeconds() + " s", e);
            }
            throw e;
        } finally {
            readingSince = NOT_READING;
        }
    }

    /** Closes the body under its reader if it is time to. */
    void guard() {
        long since = readingSince;
        boolean late = since != NOT_READING && System.nanoTime() - since > stallTimeout.toNanos();
        if (late || cancellation.isCancelled()) {
            stalled = late;
            try {
                close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "A response's body could not be closed", e);
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        super.close();
    }
}

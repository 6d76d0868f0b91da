package io.github.moshivis.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Flow;

/**
 * A sink that publishes the samples it takes to one subscriber, 24 kHz mono, an array for each write. A write waits until the subscriber
 * asks for an array, and until there is a subscriber; the subscriber hears of it on the writing thread. Closing the sink completes the
 * subscription. After a cancellation a write fails, which ends the conversation.
 */
public final class AudioPublisher implements AudioSink, Flow.Publisher<float[]> {
    private final Object lock = new Object();
    // All below are guarded by the lock.
    private Flow.Subscriber<? super float[]> subscriber;
    private long demand;
    private Throwable rejected;
    private boolean signals;
    private boolean closed;
    private boolean cancelled;
    private boolean ended;

    /** Creates a sink without a subscriber. */
    public AudioPublisher() {}

    /**
     * Takes the subscriber; a second one gets an {@link IllegalStateException}.
     *
     * @param subscriber gets the samples
     */
    @Override
    public void subscribe(Flow.Subscriber<? super float[]> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        boolean first;
        synchronized (lock) {
            first = this.subscriber == null;
            if (first) {
                this.subscriber = subscriber;
                signals = true;
            }
        }
        if (!first) {
            subscriber.onSubscribe(new Demand(false));
            subscriber.onError(
                    new IllegalStateException("An AudioPublisher has one subscriber; publish on from there"));
            return;
        }
        Demand accepted = new Demand(true);
        try {
            subscriber.onSubscribe(accepted);
        } catch (RuntimeException | Error e) { // it will ask for nothing: a write must not wait for that
            accepted.cancel();
            throw e;
        } finally {
            signalled();
        }
    }

    private final class Demand implements Flow.Subscription {
        private final boolean accepted;

        Demand(boolean accepted) {
            this.accepted = accepted;
        }

        @Override
        public void request(long count) {
            synchronized (lock) {
                if (!accepted) {
                    return;
                }
                if (count <= 0) {
                    rejected = new IllegalArgumentException("Cannot request " + count + " arrays; ask for at least 1");
                }
                demand = count > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + Math.max(0, count);
                lock.notifyAll();
            }
            end();
        }

        @Override
        public void cancel() {
            synchronized (lock) {
                cancelled |= accepted;
                lock.notifyAll();
            }
        }
    }

    @Override
    public void write(float[] samples, int offset, int length) throws IOException {
        Objects.requireNonNull(samples, "samples");
        Objects.checkFromIndexSize(offset, length, samples.length);
        if (length == 0 || !awaitDemand()) {
            return;
        }
        try {
            subscriber.onNext(Arrays.copyOfRange(samples, offset, offset + length));
        } finally {
            signalled();
        }
    }

    /** Waits for a request and takes it; false if the sink is closed. */
    private boolean awaitDemand() throws IOException {
        synchronized (lock) {
            while (!closed && !cancelled && rejected == null && (demand == 0 || signals)) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw (InterruptedIOException)
                            new InterruptedIOException("Interrupted while waiting for the subscriber").initCause(e);
                }
            }
            if (cancelled || rejected != null) {
                throw new IOException("The subscriber of the samples has cancelled its subscription", rejected);
            }
            if (closed) {
                return false;
            }
            demand -= demand == Long.MAX_VALUE ? 0 : 1;
            signals = true;
            return true;
        }
    }

    /** The subscriber has returned from a signal: another may follow. */
    private void signalled() {
        synchronized (lock) {
            signals = false;
            lock.notifyAll();
        }
        end();
    }

    /** Sends the last signal if it is due, after a running one. */
    private void end() {
        synchronized (lock) {
            boolean due = subscriber != null && (closed || rejected != null) && !cancelled;
            if (!due || signals || ended) {
                return;
            }
            ended = true;
        }
        if (rejected != null) {
            subscriber.onError(rejected);
        } else {
            subscriber.onComplete();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        end();
    }
}

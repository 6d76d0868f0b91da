package io.github.moshivis.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A source that subscribes to a publisher of samples, 24 kHz mono in arrays of any length: {@code publisher.subscribe(source)}. It asks for
 * {@value #WINDOW} arrays in advance, and for another one whenever one has been read, so that the publisher waits for the conversation
 * rather than the other way round. The publisher's end is the end of the stream, its error the source's; closing the source cancels the
 * subscription. A publisher that sends more than it is asked for, or {@value #MAX_EMPTY} empty arrays in a row, is given up: the source
 * fails. Serves one subscription. The arrays belong to the source once they are published.
 */
public final class AudioSubscriber implements AudioSource, Flow.Subscriber<float[]> {
    /** Arrays that are asked for in advance. */
    public static final int WINDOW = 8;

    private static final int MAX_EMPTY = 1000;

    private static final float[] END = new float[0];

    private final BlockingQueue<float[]> queue = new LinkedBlockingQueue<>();
    private volatile Throwable failure;
    private volatile boolean closed;
    private Flow.Subscription subscription;
    private float[] current = new float[0];
    private int next;

    /** Creates a source that waits for its subscription. */
    public AudioSubscriber() {}

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        Objects.requireNonNull(subscription, "subscription");
        boolean first;
        synchronized (this) {
            first = this.subscription == null;
            this.subscription = first ? subscription : this.subscription;
        }
        if (first && !closed) {
            subscription.request(WINDOW);
        } else {
            subscription.cancel();
        }
    }

    @Override
    public void onNext(float[] samples) {
        Objects.requireNonNull(samples, "samples");
        if (queue.size() >= WINDOW) {
            giveUp("found more than the " + WINDOW + " arrays that were asked for, expected it to wait for requests");
        } else {
            queue.add(samples);
        }
    }

    private void giveUp(String reason) {
        if (failure == null) {
            subscription().cancel();
            queue.clear();
            onError(new IllegalStateException(reason));
        }
    }

    @Override
    public void onError(Throwable error) {
        failure = Objects.requireNonNull(error, "error");
        queue.add(END);
    }

    @Override
    public void onComplete() {
        queue.add(END);
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        Objects.requireNonNull(buffer, "buffer");
        Objects.checkFromIndexSize(offset, length, buffer.length);
        for (int arrays = 0; next == current.length && !closed; arrays++) {
            if (current == END) {
                return end();
            }
            if (arrays == MAX_EMPTY) {
                giveUp("found " + MAX_EMPTY + " arrays in a row without a sample, expected sound or an end");
            }
            advance();
        }
        if (closed) {
            return -1;
        }
        int count = Math.min(length, current.length - next);
        System.arraycopy(current, next, buffer, offset, count);
        next += count;
        if (next == current.length) {
            subscription().request(1);
        }
        return count;
    }

    private void advance() throws InterruptedIOException {
        try {
            current = queue.take();
            next = 0;
            if (current.length == 0 && current != END) {
                subscription().request(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException)
                    new InterruptedIOException("Interrupted while waiting for published samples").initCause(e);
        }
    }

    private int end() throws IOException {
        if (failure != null) {
            throw new IOException("The publisher of the samples failed: " + failure, failure);
        }
        return -1;
    }

    private synchronized Flow.Subscription subscription() {
        return subscription;
    }

    @Override
    public void close() {
        closed = true;
        Flow.Subscription given = subscription();
        if (given != null) {
            given.cancel();
        }
        queue.add(END);
    }
}

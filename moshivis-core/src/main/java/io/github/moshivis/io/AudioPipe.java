package io.github.moshivis.io;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A bounded queue of samples with a {@link #sink() writing end} and a {@link #source() reading end}, for hosts that have callbacks
 * of their own. To push what a host hears into a conversation, start it on the pipe's source and write to its sink; to pull the
 * model's speech, start it on the pipe's sink and read from its source. One pipe serves one direction of one conversation.
 *
 * <p>When the pipe is full, it does what it was made for: a {@linkplain #blocking blocking} pipe makes the writer wait; one that
 * {@linkplain #droppingOldest drops the oldest} samples never does, and {@linkplain #dropped() counts} them. The latter's source
 * {@linkplain AudioSource#isLive() is live}.
 *
 * <p>The end: closing the sink ends the stream; the source gives what is left, then -1. Closing the source discards what is left; a write
 * after that, or one that waits, fails with an {@link IOException}. Closing either end wakes the threads that wait at it: a read returns -1, also
 * later ones; a write that waits returns and its rest is discarded, later ones are the caller's mistake ({@link
 * IllegalStateException}). Neither end needs opening. A waiting thread that is interrupted gets an {@link
 * InterruptedIOException}, and its interrupt flag stays set.
 *
 * <p>The two ends may be used by two threads at once, and all other methods by any thread. Compared with {@link
 * java.io.PipedInputStream} it carries samples, has a policy for overflow, and does not ask whether threads are alive.
 */
public final class AudioPipe {
    private static final Duration SMALLEST = Duration.ofMillis(1);
    private static final Duration LARGEST = Duration.ofHours(1);

    private final float[] ring;
    private final boolean dropsOldest;
    private final AudioSource source = new ReadingEnd();
    private final AudioSink sink = new WritingEnd();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All below are guarded by the lock.
    private int start;
    private int filled;
    private long dropped;
    private boolean sinkClosed;
    private boolean sourceClosed;

    private AudioPipe(Duration capacity, boolean dropsOldest) {
        if (capacity.compareTo(SMALLEST) < 0 || capacity.compareTo(LARGEST) > 0) {
            throw new IllegalArgumentException("An audio pipe cannot hold " + capacity + "; give a capacity from "
                    + SMALLEST + " to " + LARGEST + ", such as 200 ms");
        }
        this.ring = new float[(int) Math.rint(capacity.toNanos() * 1e-9 * AudioSource.SAMPLE_RATE)];
        this.dropsOldest = dropsOldest;
    }

    /**
     * A pipe that makes the writer wait while it is full.
     *
     * @param capacity how much sound it holds; allocated at once, 96 kB a second
     * @return an empty pipe
     * @throws IllegalArgumentException if the capacity is less than a millisecond or more than an hour
     */
    public static AudioPipe blocking(Duration capacity) {
        Objects.requireNonNull(capacity, "capacity");
        return new AudioPipe(capacity, false);
    }

    /**
     * A pipe that lets its oldest samples go while it is full.
     *
     * @param capacity how much sound it holds; allocated at once, 96 kB a second
     * @return an empty pipe
     * @throws IllegalArgumentException if the capacity is less than a millisecond or more than an hour
     */
    public static AudioPipe droppingOldest(Duration capacity) {
        Objects.requireNonNull(capacity, "capacity");
        return new AudioPipe(capacity, true);
    }

    /**
     * The end that is read from.
     *
     * @return always the same source
     */
    public AudioSource source() {
        return source;
    }

    /**
     * The end that is written to.
     *
     * @return always the same sink
     */
    public AudioSink sink() {
        return sink;
    }

    /**
     * Returns the number of samples that a read would get without waiting.
     *
     * @return samples in the pipe
     */
    public int available() {
        return locked(() -> filled);
    }

    /**
     * Counts the samples that were dropped because the pipe was full.
     *
     * @return dropped samples; always 0 for a blocking pipe
     */
    public long dropped() {
        return locked(() -> dropped);
    }

    @Override
    public String toString() {
        return "AudioPipe[" + available() + " of " + ring.length + " samples, "
                + (dropsOldest ? "drops oldest" : "blocks") + "]";
    }

    private final class ReadingEnd implements AudioSource {
        @Override
        public int read(float[] buffer, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, buffer.length);
            if (length == 0) {
                throw new IllegalArgumentException("Cannot read 0 samples from an audio pipe; ask for at least 1");
            }
            lock.lock();
            try {
                while (filled == 0 && !sinkClosed && !sourceClosed) {
                    await("reading");
                }
                if (filled == 0) {
                    return -1;
                }
                int count = Math.min(length, filled);
                take(buffer, offset, count);
                return count;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean isLive() {
            return dropsOldest;
        }

        @Override
        public void close() {
            locked(() -> {
                sourceClosed = true;
                filled = 0;
                changed.signalAll();
                return null;
            });
        }
    }

    private final class WritingEnd implements AudioSink {
        @Override
        public void write(float[] samples, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, samples.length);
            lock.lock();
            try {
                if (sinkClosed) {
                    throw new IllegalStateException(
                            "The audio pipe's sink is closed and takes no more samples; write before closing it");
                }
                int written = 0;
                while (written < length && !sinkClosed) {
                    if (sourceClosed) {
                        throw new IOException(
                                "Cannot write to the audio pipe: its reader has closed it with " + (length - written)
                                        + " samples still to come; stop writing when the conversation ends");
                    }
                    int count = dropsOldest ? makeRoom(length - written) : ring.length - filled;
                    if (count == 0) {
                        await("writing");
                        continue;
                    }
                    count = Math.min(count, length - written);
                    put(samples, offset + written, count);
                    written += count;
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            locked(() -> {
                sinkClosed = true;
                changed.signalAll();
                return null;
            });
        }
    }

    /** Drops the oldest samples until {@code wanted} fit, or as many as the pipe can hold at all. */
    private int makeRoom(int wanted) {
        int room = Math.min(wanted, ring.length);
        int excess = Math.max(0, filled + room - ring.length);
        start = (start + excess) % ring.length;
        filled -= excess;
        dropped += excess;
        return room;
    }

    private void put(float[] samples, int offset, int count) {
        int end = (start + filled) % ring.length;
        int first = Math.min(count, ring.length - end);
        System.arraycopy(samples, offset, ring, end, first);
        System.arraycopy(samples, offset + first, ring, 0, count - first);
        filled += count;
        changed.signalAll();
    }

    private void take(float[] buffer, int offset, int count) {
        int first = Math.min(count, ring.length - start);
        System.arraycopy(ring, start, buffer, offset, first);
        System.arraycopy(ring, 0, buffer, offset + first, count - first);
        start = (start + count) % ring.length;
        filled -= count;
        changed.signalAll();
    }

    private void await(String doing) throws InterruptedIOException {
        try {
            changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException(
                            "Interrupted while " + doing + " samples through an audio pipe of " + ring.length)
                    .initCause(e);
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}

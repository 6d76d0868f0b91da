package io.github.moshivis.test;

import io.github.moshivis.io.AudioSink;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;

/**
 * Sink that collects the model's speech. Thread-safe; all methods may be called during the conversation.
 *
 * <pre>{@code
 * CollectingSink spoken = new CollectingSink();
 * model.session().run(ScriptedSource.script().silence(Duration.ofSeconds(2)), spoken);
 * assertThat(spoken.duration()).isGreaterThan(Duration.ofSeconds(1));
 * }</pre>
 */
public final class CollectingSink implements AudioSink {
    private static final int INITIAL_SAMPLES = 1 << 16;

    private float[] samples = new float[INITIAL_SAMPLES];
    private int count;
    private boolean opened;
    private boolean closed;
    private long capacity = Long.MAX_VALUE;
    private IOException failure;

    /** Creates an empty sink. */
    public CollectingSink() {}

    /**
     * Makes {@link #write} fail after some audio, to test error handling.
     *
     * @param duration audio accepted before the failure; zero or more
     * @param cause the failure
     * @return this sink
     */
    public synchronized CollectingSink failAfter(Duration duration, IOException cause) {
        capacity = Sound.samples(duration);
        failure = cause;
        return this;
    }

    @Override
    public synchronized void open() {
        opened = true;
    }

    @Override
    public synchronized void write(float[] source, int offset, int length) throws IOException {
        if (!opened || closed) {
            throw new IOException("This sink is " + (closed ? "closed" : "not open") + "; samples were written to it");
        }
        if (failure != null && count + (long) length > capacity) {
            throw failure;
        }
        if (count + length > samples.length) {
            samples = Arrays.copyOf(samples, Math.max(2 * samples.length, count + length));
        }
        System.arraycopy(source, offset, samples, count, length);
        count += length;
        notifyAll();
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    /**
     * Returns the model's speech so far.
     *
     * @return a copy of the samples, 24 kHz mono
     */
    public synchronized float[] samples() {
        return Arrays.copyOf(samples, count);
    }

    /**
     * Returns the duration of the model's speech so far, including silence.
     *
     * @return the duration
     */
    public synchronized Duration duration() {
        return Sound.duration(count);
    }

    /**
     * Returns the level of the speech so far.
     *
     * @return the root of the mean square; 0 without samples
     */
    public synchronized double rms() {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += (double) samples[i] * samples[i];
        }
        return count == 0 ? 0 : Math.sqrt(sum / count);
    }

    /**
     * Returns whether {@link #close} was called: a conversation that has ended has closed its sink.
     *
     * @return whether the sink is closed
     */
    public synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Waits until the model has spoken for some time.
     *
     * @param duration audio to wait for
     * @param timeout maximum time to wait
     * @throws TimeoutException if there was less when the time was over, or when the sink was closed
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public synchronized void await(Duration duration, Duration timeout) throws TimeoutException, InterruptedException {
        long wanted = Sound.samples(duration);
        long deadline = System.nanoTime() + timeout.toNanos();
        while (count < wanted && !closed) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                break;
            }
            wait(millis);
        }
        if (count < wanted) {
            throw new TimeoutException("The model spoke for " + Sound.duration(count) + ", expected " + duration
                    + (closed ? "; its conversation has ended" : " within " + timeout));
        }
    }
}

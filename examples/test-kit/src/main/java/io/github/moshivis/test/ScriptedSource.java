package io.github.moshivis.test;

import io.github.moshivis.io.AudioSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Source that follows a script: audio and silence, actions of the test in between, and an end or a failure. Steps are added before the
 * conversation starts; they are then played one after the other, as fast as the model takes them, or in real time.
 *
 * <pre>{@code
 * ScriptedSource user = ScriptedSource.script()
 *         .tone(220, Duration.ofMillis(800))
 *         .run(() -> conversation.image(other))
 *         .silence(Duration.ofSeconds(2));
 * }</pre>
 */
public final class ScriptedSource implements AudioSource {
    private static final float LOUDNESS = 0.3f;

    private final Queue<Step> steps = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean live;
    private long opened;
    private long read;

    /** One step of the script. */
    private interface Step {
        /** Returns samples; 0 when the step is over. */
        int read(float[] buffer, int offset, int length) throws IOException;
    }

    private ScriptedSource() {}

    /**
     * Starts a script.
     *
     * @return a source without steps, which ends at once
     */
    public static ScriptedSource script() {
        return new ScriptedSource();
    }

    /**
     * Adds a sound.
     *
     * @param samples 24 kHz mono in [-1, 1]; copied
     * @return this source
     */
    public ScriptedSource samples(float... samples) {
        float[] sound = samples.clone();
        return add(sound.length, position -> sound[position]);
    }

    /**
     * Adds a sine.
     *
     * @param hertz its frequency
     * @param duration its duration
     * @return this source
     */
    public ScriptedSource tone(double hertz, Duration duration) {
        double step = 2 * Math.PI * hertz / SAMPLE_RATE;
        return add(Sound.samples(duration), position -> LOUDNESS * (float) Math.sin(step * position));
    }

    /**
     * Adds silence.
     *
     * @param duration its duration
     * @return this source
     */
    public ScriptedSource silence(Duration duration) {
        return add(Sound.samples(duration), position -> 0);
    }

    /**
     * Adds silence until the conversation is stopped.
     *
     * @return this source
     */
    public ScriptedSource silenceForever() {
        return add(Integer.MAX_VALUE, position -> 0);
    }

    /**
     * Adds an action, which the thread that reads the source runs once everything before it has been read.
     *
     * @param action the action; what it throws ends the conversation
     * @return this source
     */
    public ScriptedSource run(Runnable action) {
        steps.add((buffer, offset, length) -> {
            action.run();
            return 0;
        });
        return this;
    }

    /**
     * Adds a failure, which ends the conversation.
     *
     * @param cause what {@link #read} throws
     * @return this source
     */
    public ScriptedSource fail(IOException cause) {
        steps.add((buffer, offset, length) -> {
            throw cause;
        });
        return this;
    }

    /**
     * Makes the source live, like a microphone: audio arrives in real time, and a conversation that cannot keep up loses some.
     *
     * @return this source
     */
    public ScriptedSource live() {
        live = true;
        return this;
    }

    /** Audio by position. */
    private interface Wave {
        float at(int position);
    }

    private ScriptedSource add(int count, Wave wave) {
        steps.add(new Step() {
            private int position;

            @Override
            public int read(float[] buffer, int offset, int length) {
                int taken = Math.min(length, count - position);
                for (int i = 0; i < taken; i++) {
                    buffer[offset + i] = wave.at(position + i);
                }
                // Endless audio starts again.
                position = count == Integer.MAX_VALUE ? 0 : position + taken;
                return taken;
            }
        });
        return this;
    }

    @Override
    public void open() {
        opened = System.nanoTime();
    }

    @Override
    public int read(float[] buffer, int offset, int length) throws IOException {
        while (!steps.isEmpty() && closed.getCount() > 0) {
            int taken = steps.element().read(buffer, offset, length);
            if (taken > 0) {
                read += taken;
                return live && waitUntil(opened + Sound.duration(read).toNanos()) ? -1 : taken;
            }
            steps.remove();
        }
        return -1;
    }

    /** Waits for a time on the clock of {@link System#nanoTime}; true if the source was closed before. */
    private boolean waitUntil(long time) throws IOException {
        try {
            return closed.await(time - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for the next sound of the script", e);
        }
    }

    @Override
    public boolean isLive() {
        return live;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}

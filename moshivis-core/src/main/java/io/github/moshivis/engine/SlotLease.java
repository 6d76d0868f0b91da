package io.github.moshivis.engine;

import io.github.moshivis.lm.Controls;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A conversation's hold on a slot. Frames go in, results come out in the same order. May be used by several threads, but frames
 * are answered in the order in which they were handed in. All fields are guarded by the engine's lock.
 */
public final class SlotLease implements AutoCloseable {
    /** Frames that may wait for a tick: 0.64 s. */
    static final int INBOX = 8;

    /** Results that may wait to be taken before the slot pauses: 0.64 s. */
    static final int OUTBOX = 8;

    /** A pending frame, and the future of its result. */
    record Pending(UserFrame frame, CompletableFuture<StepResult> result) {
        /** Called without the engine's lock, as dependents of the result run here. */
        void fail(RuntimeException reason) {
            result.completeExceptionally(reason);
        }
    }

    final int slot;
    final ArrayDeque<Pending> inbox = new ArrayDeque<>();
    final FrameHistogram times = new FrameHistogram();
    RuntimeException ended;
    /** True if frames come as fast as results are taken. */
    boolean unpaced;
    /** True while the next frame is about to come: its result of the last tick is being used. */
    boolean expected;

    private final Engine engine;
    private int untaken;

    SlotLease(Engine engine, int slot) {
        this.engine = engine;
        this.slot = slot;
    }

    /**
     * Hands a frame in, waiting while {@value #INBOX} frames wait already.
     *
     * @param frame of the user
     * @return completes with the result, or exceptionally with what ended the conversation
     * @throws InterruptedException if interrupted while waiting
     */
    public CompletableFuture<StepResult> put(UserFrame frame) throws InterruptedException {
        engine.lock.lock();
        try {
            while (ended == null && inbox.size() >= INBOX) {
                engine.changed.await();
            }
            return enqueue(frame);
        } finally {
            engine.lock.unlock();
        }
    }

    /**
     * Hands a frame in at once; when {@value #INBOX} frames wait already, the oldest of them is skipped.
     *
     * @param frame of the user
     * @return completes with the result, with null if the frame was skipped later, or exceptionally
     */
    public CompletableFuture<StepResult> putSkipping(UserFrame frame) {
        Pending skipped;
        CompletableFuture<StepResult> result;
        engine.lock.lock();
        try {
            skipped = inbox.size() >= INBOX ? inbox.poll() : null;
            result = enqueue(frame);
        } finally {
            engine.lock.unlock();
        }
        if (skipped != null) {
            skipped.result().complete(null);
        }
        return result;
    }

    private CompletableFuture<StepResult> enqueue(UserFrame frame) {
        if (ended != null) {
            return CompletableFuture.failedFuture(ended);
        }
        Pending pending = new Pending(frame, new CompletableFuture<>());
        inbox.add(pending);
        engine.changed.signalAll();
        return pending.result();
    }

    /**
     * Says that frames come as fast as their results are taken, as those of a file do. Ticks without a frame from others then wait a moment for
     * the frames of all such slots, so that they share a tick.
     */
    public void unpaced() {
        engine.lock.lock();
        try {
            unpaced = true;
        } finally {
            engine.lock.unlock();
        }
    }

    /** Signals that a result was taken, so that the slot may continue. Called once for each result that is not null. */
    public void taken() {
        engine.lock.lock();
        try {
            untaken--;
            engine.changed.signalAll();
        } finally {
            engine.lock.unlock();
        }
    }

    /**
     * Gives the conversation a picture, in place of one that it may have, and waits until the model sees it. Others go on talking
     * meanwhile.
     *
     * @param image starts the encoding of the picture, on the inference thread; null for none
     */
    public void setImage(Supplier<ImageEncoder.Encoding> image) {
        engine.setImage(this, image);
    }

    /**
     * Changes how the conversation's tokens are chosen, between two ticks, and waits until that is done.
     *
     * @param controls from the next tick on
     */
    public void control(Controls controls) {
        engine.control(this, controls);
    }

    /**
     * Returns the durations of this conversation's ticks.
     *
     * @return all until now
     */
    public FrameHistogram.Snapshot times() {
        return times.snapshot();
    }

    /**
     * Resets the language model between two ticks, and waits for it. The codec's state is kept.
     *
     * @param options how the tokens are chosen from then on
     */
    public void restart(SlotOptions options) {
        engine.restart(this, options);
    }

    boolean isReady() {
        return ended == null && !inbox.isEmpty() && untaken < OUTBOX;
    }

    Pending take() {
        untaken++;
        expected = unpaced;
        return inbox.poll();
    }

    /**
     * Ends the conversation: later frames fail. Called under the engine's lock.
     *
     * @return the frames that waited, to be failed by the caller without the lock; none if the conversation had ended before
     */
    List<Pending> end(RuntimeException reason) {
        if (ended != null) {
            return List.of();
        }
        ended = reason;
        List<Pending> left = List.copyOf(inbox);
        inbox.clear();
        return left;
    }

    /** Gives the slot back. Frames that wait fail. Idempotent. */
    @Override
    public void close() {
        engine.release(this);
    }
}

package io.github.moshivis;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** End of one conversation: the first reason and the first failure count. Used by any thread. */
final class Ending {
    /** The longest time that can be waited. */
    static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final AtomicReference<EndReason> reason = new AtomicReference<>();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CompletableFuture<EndReason> completion = new CompletableFuture<>();
    /** The thread that gave the conversation up; null if none did. */
    private final AtomicReference<Thread> closer = new AtomicReference<>();

    /** Names the reason why nothing more is heard; returns false if there was one. */
    boolean stopListening(EndReason why) {
        return reason.compareAndSet(null, why);
    }

    /** True after the conversation has stopped listening; errors of the source after that are ignored. */
    boolean isStopping() {
        return reason.get() != null || isAbandoned();
    }

    /** Gives the conversation up before its threads are interrupted: nothing after that is a failure. Returns false if given up before. */
    boolean abandon() {
        return closer.compareAndSet(null, Thread.currentThread());
    }

    /** Returns whether this thread gave the conversation up: source and sink may do so in turn when they are closed. */
    boolean isClosing() {
        return closer.get() == Thread.currentThread();
    }

    private boolean isAbandoned() {
        return closer.get() != null;
    }

    /** Clears an interrupt that the host's code left on a thread of the conversation; that of {@link #abandon} stays. */
    void clearInterrupt() {
        if (Thread.interrupted() && isAbandoned()) {
            Thread.currentThread().interrupt();
        }
    }

    void fail(RuntimeException cause) {
        if (!isAbandoned()) {
            failure.compareAndSet(null, cause);
        }
    }

    void fail(EndReason why, String what, Throwable cause) {
        fail(new ConversationException(why, "The conversation ended: " + what, cause));
    }

    /** The reason as it is now; an unnamed one means that the conversation was closed. */
    EndReason reason() {
        if (failure.get() instanceof ConversationException known) {
            return known.reason();
        }
        if (failure.get() != null) {
            return EndReason.MODEL_FAILED;
        }
        return isAbandoned() || reason.get() == null ? EndReason.CLOSED : reason.get();
    }

    /** Wakes all threads that wait for the end. */
    void complete() {
        ended.countDown();
        if (failure.get() == null) {
            completion.complete(reason());
        } else {
            completion.completeExceptionally(failure.get());
        }
    }

    boolean isOver() {
        return ended.getCount() == 0;
    }

    boolean await(Duration timeout) throws InterruptedException {
        Objects.requireNonNull(timeout, "timeout");
        return await(TimeUnit.NANOSECONDS.convert(timeout)); // at most FOREVER
    }

    boolean await(long nanos) throws InterruptedException {
        return ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    void throwFailure() {
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    CompletionStage<EndReason> completion() {
        return completion.minimalCompletionStage();
    }
}

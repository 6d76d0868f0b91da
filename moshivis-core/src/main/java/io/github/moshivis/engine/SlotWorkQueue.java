package io.github.moshivis.engine;

import io.github.moshivis.lm.ImageProjection;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Pictures and prompts on their way to their slots, one after the other, a piece of work at a time. Guarded by the engine's lock. */
final class SlotWorkQueue {
    /** Maximum time that this work may delay pending frames: a quarter of a frame. One piece of work may exceed it. */
    private static final long MAX_NANOS = 20_000_000;

    private final Engine engine;
    private final LongSupplier clock;
    private final ArrayDeque<Job> jobs = new ArrayDeque<>();

    /**
     * Creates a queue without work.
     *
     * @param clock nanoseconds from any origin
     */
    SlotWorkQueue(Engine engine, LongSupplier clock) {
        this.engine = engine;
        this.clock = clock;
    }

    /** Work for a slot, in pieces. */
    abstract static class Job {
        final SlotLease lease;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Job(SlotLease lease) {
            this.lease = lease;
        }

        /** Does one piece of work; returns whether there is more to do. */
        abstract boolean advance(Ticker ticker);

        /** Frees what the work holds. */
        abstract void release();

        /** Called without the engine's lock: resources and waiters of the work do not belong to the engine. */
        private void end(RuntimeException failure) {
            try {
                release();
            } finally {
                if (failure == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(failure);
                }
            }
        }
    }

    /** A picture for a slot, or none to take the slot's away. */
    private static final class ImageJob extends Job {
        private final Supplier<ImageEncoder.Encoding> image;
        private ImageEncoder.Encoding encoding;
        private ImageProjection projection;

        ImageJob(SlotLease lease, Supplier<ImageEncoder.Encoding> image) {
            super(lease);
            this.image = image;
        }

        @Override
        boolean advance(Ticker ticker) {
            if (image == null) {
                ticker.clearImage(lease.slot);
                return false;
            }
            if (encoding == null) {
                encoding = image.get();
                return true;
            }
            if (projection == null) {
                projection = encoding.advance() ? null : ticker.beginProjection(encoding);
                return true;
            }
            if (projection.advance()) {
                return true;
            }
            ticker.setImage(lease.slot, projection);
            return false;
        }

        @Override
        void release() {
            if (projection != null) {
                projection.close();
            }
            if (encoding != null) {
                encoding.close();
            }
        }
    }

    /** Queues a picture; the future completes when the model sees it. Called under the engine's lock. */
    CompletableFuture<Void> add(SlotLease lease, Supplier<ImageEncoder.Encoding> image) {
        return add(new ImageJob(lease, image));
    }

    /** Queues work; the future completes when it is done. Called under the engine's lock. */
    CompletableFuture<Void> add(Job job) {
        jobs.add(job);
        return job.done;
    }

    boolean isEmpty() {
        return jobs.isEmpty();
    }

    /**
     * Advances the first job: at least one piece; then until the job is done, or until other work waits and the job's time is used up.
     * Called by the inference thread, without the lock.
     *
     * @param due when the next frames are due
     */
    void advance(Ticker ticker, BooleanSupplier othersWait, long due) {
        Job job = first();
        if (job == null) {
            return;
        }
        RuntimeException failure = null;
        boolean more = false;
        long now = clock.getAsLong();
        long until = now + Math.min(due - now, MAX_NANOS);
        try {
            do {
                more = job.advance(ticker);
            } while (more && (clock.getAsLong() - until < 0 || !othersWait.getAsBoolean()));
        } catch (RuntimeException | OutOfMemoryError e) {
            failure = Failures.translated("preparing a picture or prompt", e);
            more = false;
        }
        if (!more) {
            remove(job);
            job.end(failure);
        }
    }

    /** The first job of a live conversation; null for none. Jobs before it end. */
    private Job first() {
        List<Job> over = new ArrayList<>();
        Job first;
        engine.lock.lock();
        try {
            while (!jobs.isEmpty() && jobs.peek().lease.ended != null) {
                over.add(jobs.poll());
            }
            first = jobs.peek();
        } finally {
            engine.lock.unlock();
        }
        over.forEach(job -> job.end(job.lease.ended));
        return first;
    }

    private void remove(Job job) {
        engine.lock.lock();
        try {
            jobs.remove(job);
        } finally {
            engine.lock.unlock();
        }
    }

    /** Gives all work of a closed engine up, whose conversations have ended. Called by the inference thread, without the lock. */
    void fail(RuntimeException reason) {
        List<Job> left;
        engine.lock.lock();
        try {
            left = List.copyOf(jobs);
            jobs.clear();
        } finally {
            engine.lock.unlock();
        }
        left.forEach(job -> job.end(reason));
    }
}

package io.github.moshivis.tensor;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that share the large operators of one calling thread on the CPU, in place of LibTorch's own pools (see {@link LibTorch}).
 * An operator is cut into pieces; the caller and the helpers take the next piece from a shared counter, so that no thread waits for a
 * helper that has no processor.
 *
 * <p>Belongs to the thread that started it. Helpers spin for a moment after each piece of work and sleep when there is none.
 */
public final class KernelThreads implements AutoCloseable {
    /** Polls for work, some ten nanoseconds each, before a helper goes to sleep. */
    private static final int MAX_POLLS = 50_000;

    private static final ThreadLocal<KernelThreads> MINE = new ThreadLocal<>();

    private final Thread[] helpers;
    private final AtomicInteger asleep = new AtomicInteger();
    private volatile Job job;
    private volatile boolean closed;

    /** One part of an operator; parts write to disjoint memory. */
    @FunctionalInterface
    public interface Part {
        /**
         * Computes the part.
         *
         * @param from index of its first element
         * @param length number of elements
         */
        void run(long from, long length);
    }

    /**
     * One of several operators that follow each other.
     *
     * @param size number of elements, at least 1; 1 for what one thread does alone
     * @param part computes a part; makes no tensors
     */
    record Operator(long size, Part part) {
        /** All elements of a part: shared by the threads, or computed by one where that is sooner done. */
        static Operator of(long size, Part part, boolean isShared) {
            return isShared ? new Operator(size, part) : new Operator(1, (from, length) -> part.run(0, size));
        }
    }

    private KernelThreads(int threads) {
        helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Thread(this::help, "moshivis-worker-" + (i + 1));
            helpers[i].setDaemon(true);
            helpers[i].start();
        }
        MINE.set(this);
    }

    /**
     * Starts helpers for this thread.
     *
     * @param threads number of threads, the calling one included; at least 1
     * @return the helpers, to be closed by this thread
     */
    public static KernelThreads start(int threads) {
        return new KernelThreads(threads);
    }

    /** Number of threads that compute for the calling one, itself included. */
    public static int count() {
        KernelThreads mine = MINE.get();
        return mine == null ? 1 : mine.helpers.length + 1;
    }

    /**
     * Computes [0, size) in parts, on this thread and its helpers, and returns when all are done.
     *
     * @param size number of elements
     * @param share number of pieces per thread; more pieces balance better against other load of the processors, and cost more
     *     calls
     * @param part computes a part; runs in a scope
     */
    public static void split(long size, int share, Part part) {
        KernelThreads mine = MINE.get();
        if (mine == null || mine.helpers.length == 0) {
            part.run(0, size);
        } else {
            mine.run(new Job(new Operator[] {new Operator(size, part)}, share * (mine.helpers.length + 1), true));
        }
    }

    /**
     * Computes [0, size) in one contiguous part for each thread, without a scope: for kernels of our own, which make no tensors.
     *
     * @param size number of elements
     * @param part computes a part
     */
    public static void run(long size, Part part) {
        KernelThreads mine = MINE.get();
        if (mine == null || mine.helpers.length == 0) {
            part.run(0, size);
        } else {
            mine.run(new Job(new Operator[] {new Operator(size, part)}, mine.helpers.length + 1, false));
        }
    }

    /** Computes one operator. */
    static void run(Operator operator) {
        if (operator.size == 1) {
            operator.part.run(0, 1);
        } else {
            run(operator.size, operator.part);
        }
    }

    /**
     * Computes operators one after the other, each in one contiguous part for each thread: none begins before the one before it is done.
     * Helpers are told once for all.
     *
     * @param operators in their order
     */
    static void run(List<Operator> operators) {
        KernelThreads mine = MINE.get();
        if (mine == null || mine.helpers.length == 0) {
            operators.forEach(operator -> operator.part.run(0, operator.size));
        } else {
            mine.run(new Job(operators.toArray(Operator[]::new), mine.helpers.length + 1, false));
        }
    }

    private void run(Job next) {
        job = next;
        if (asleep.get() > 0) {
            for (Thread helper : helpers) {
                LockSupport.unpark(helper);
            }
        }
        next.work();
        if (next.failure instanceof Error error) {
            throw error;
        }
        if (next.failure != null) {
            throw (RuntimeException) next.failure;
        }
    }

    private void help() {
        try (Scope scope = Scope.open()) { // sets this thread up, once
            lookForWork();
        }
    }

    private void lookForWork() {
        Job seen = null;
        int idle = 0;
        while (!closed) {
            Job current = job;
            if (current != seen) {
                current.work();
                seen = current;
                idle = 0;
            } else if (++idle < MAX_POLLS) {
                Thread.onSpinWait();
            } else {
                sleep(seen);
                idle = 0;
            }
        }
    }

    private void sleep(Job seen) {
        asleep.incrementAndGet();
        if (job == seen && !closed) {
            LockSupport.park(this);
        }
        asleep.decrementAndGet();
    }

    /** Ends the helpers. */
    @Override
    public void close() {
        closed = true;
        MINE.remove();
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }

    /** Operators, each cut into pieces. */
    private static final class Job {
        private final Operator[] operators;
        private final int share;
        private final boolean scoped;
        private final AtomicIntegerArray next;
        private final AtomicIntegerArray done;
        /** A RuntimeException or an Error of a piece: its result is missing, so the whole has none. */
        private volatile Throwable failure;

        /** share: the number of pieces of an operator that has so many elements. */
        Job(Operator[] operators, int share, boolean scoped) {
            this.operators = operators;
            this.share = share;
            this.scoped = scoped;
            this.next = new AtomicIntegerArray(operators.length);
            this.done = new AtomicIntegerArray(operators.length);
        }

        /** Computes pieces until none is left, and waits for those that other threads compute. */
        void work() {
            for (int i = 0; i < operators.length && failure == null; i++) {
                int pieces = operators[i].size == 1 ? 1 : share;
                for (int piece = next.getAndIncrement(i); piece < pieces; piece = next.getAndIncrement(i)) {
                    compute(i, piece, pieces);
                }
                while (done.get(i) < pieces) {
                    Thread.onSpinWait();
                }
            }
        }

        private void compute(int operator, int piece, int pieces) {
            long size = operators[operator].size;
            long from = size * piece / pieces;
            long to = size * (piece + 1) / pieces;
            try (Scope scope = scoped ? Scope.open() : null) {
                operators[operator].part.run(from, to - from);
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                done.incrementAndGet(operator);
            }
        }
    }
}

package io.github.moshivis.engine;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.EndReason;
import io.github.moshivis.errors.NativeException;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.lm.Controls;
import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.DeviceStream;
import io.github.moshivis.tensor.KernelThreads;
import io.github.moshivis.tensor.LibTorch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Runs ticks on a thread of its own and lends slots out. Thread-safe.
 *
 * <p>A tick takes one frame from every slot that has one when it starts. It waits for more only while all that have one are not paced
 * ({@link SlotLease#unpaced}), for at most a quarter of a frame's time. While frames wait, work on
 * pictures and prompts takes at most a quarter of a frame's time between two ticks, or one piece of work if that is longer.
 */
public final class Engine implements AutoCloseable {
    /**
     * Parts and settings of an engine.
     *
     * @param lm the language model
     * @param codec the speech codec
     * @param device where they are
     * @param slots how many conversations at once
     * @param maxImageTokens the largest picture, in tokens
     * @param userLag steps by which user codes are held back
     * @param restartsCodec whether a conversation's codec is reset after the first frame
     * @param threads how many threads products may use on the CPU
     * @param fixedBatch how many rows every tick has, at least {@code slots}; 0 for as few as it needs
     * @param compactKeys whether keys and values are held in 8 bits
     * @param keptPrompts how many states after a prompt are kept for later conversations
     * @param cudaGraphs whether ticks on an NVIDIA GPU are recorded and replayed
     */
    public record Parts(
            LanguageModel lm,
            SpeechCodec codec,
            Device device,
            int slots,
            int maxImageTokens,
            int userLag,
            boolean restartsCodec,
            int threads,
            int fixedBatch,
            boolean compactKeys,
            int keptPrompts,
            boolean cudaGraphs) {
        /** Returns the number of rows of state. */
        int rows() {
            return Math.max(slots, fixedBatch);
        }
    }

    final ReentrantLock lock = new ReentrantLock();
    final Condition changed = lock.newCondition();
    private final Parts parts;
    private final Thread thread;
    private final Slots slots;
    private final LongSupplier clock;
    private final FrameHistogram times = new FrameHistogram();
    private final TaskQueue tasks = new TaskQueue(this);
    private final SlotWorkQueue slotWork;
    private RuntimeException closed;
    private DeviceStream stream;
    private Ticker ticker;
    /** Time at which the frames after those of the last tick are due, in real time. */
    private long due;

    Engine(Parts parts, LongSupplier clock) {
        this.parts = parts;
        this.clock = clock;
        this.due = clock.getAsLong();
        this.slotWork = new SlotWorkQueue(this, clock);
        this.slots = new Slots(this, parts.slots());
        this.thread = new Thread(this::run, "moshivis-inference-" + parts.device());
        this.thread.setDaemon(true);
    }

    /**
     * Starts an engine and allocates the state of all slots.
     *
     * @param parts model, codec and settings; must outlive the engine
     * @return the engine
     * @throws NativeException if the state cannot be allocated
     */
    public static Engine start(Parts parts) {
        return start(parts, Ticker::on, System::nanoTime);
    }

    /**
     * Starts an engine that ticks in its own way.
     *
     * @param clock nanoseconds from any origin, as {@link System#nanoTime} counts them; first read here, then by the inference thread
     */
    static Engine start(Parts parts, BiFunction<Parts, DeviceStream, Ticker> way, LongSupplier clock) {
        Engine engine = new Engine(parts, clock);
        CompletableFuture<Void> ready = engine.tasks.add(() -> engine.ticker = way.apply(parts, engine.stream));
        engine.thread.start();
        try {
            await(ready);
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw new NativeException(Failures.startMessage(parts, e), e);
        }
    }

    /**
     * Returns the slots and the queue for them.
     *
     * @return the same object for the engine's whole life
     */
    public Slots slots() {
        return slots;
    }

    /**
     * Prepares a slot for a conversation.
     *
     * @param lease of this engine; closed if this fails
     * @param options settings of the conversation
     * @throws ConversationException if the engine is closed, or the preparation fails
     */
    public void open(SlotLease lease, SlotOptions options) {
        try {
            await(tasks.add(() -> ticker.open(lease.slot, options)));
            if (options.prompt() != null) {
                await(enqueue(lease, () -> slotWork.add(new PromptJob(lease, options.prompt()))));
            }
            if (options.image() != null) {
                setImage(lease, options.image());
            }
        } catch (RuntimeException | Error e) {
            lease.close();
            throw e;
        }
    }

    /**
     * Returns the durations of ticks.
     *
     * @return all of this engine, until now
     */
    public FrameHistogram.Snapshot times() {
        return times.snapshot();
    }

    /**
     * Returns the number of codes in a step.
     *
     * @return the model's own and the user's
     */
    public int codesPerStep() {
        return parts.lm().modelCodebooks() + parts.lm().userCodebooks();
    }

    void restart(SlotLease lease, SlotOptions options) {
        await(tasks.add(() -> {
            if (!isOver(lease)) {
                ticker.restart(lease.slot, options);
            }
        }));
    }

    /** Called under the lock. */
    void requireOpen() {
        if (closed != null) {
            throw closed;
        }
    }

    void control(SlotLease lease, Controls controls) {
        await(tasks.add(() -> {
            if (!isOver(lease)) {
                ticker.control(lease.slot, controls);
            }
        }));
    }

    /** Returns whether the conversation has ended, so that its slot may belong to another one. */
    private boolean isOver(SlotLease lease) {
        lock.lock();
        try {
            return lease.ended != null;
        } finally {
            lock.unlock();
        }
    }

    void setImage(SlotLease lease, Supplier<ImageEncoder.Encoding> image) {
        await(enqueue(lease, () -> slotWork.add(lease, image)));
    }

    private CompletableFuture<Void> enqueue(SlotLease lease, Supplier<CompletableFuture<Void>> job) {
        lock.lock();
        try {
            if (lease.ended != null) {
                throw lease.ended;
            }
            CompletableFuture<Void> done = job.get();
            changed.signalAll();
            return done;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a slot back. If a tick is using it, that result goes nowhere. */
    void release(SlotLease lease) {
        RuntimeException reason =
                new ConversationException(EndReason.CLOSED, "The conversation was closed; open another one");
        List<SlotLease.Pending> left;
        lock.lock();
        try {
            left = lease.end(reason);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        left.forEach(frame -> frame.fail(reason));
        slots.release(lease);
    }

    private void run() {
        Throwable cause = null;
        try (DeviceStream onDevice = DeviceStream.enter(parts.device());
                KernelThreads kernelThreads = KernelThreads.start(parts.device().isCpu() ? parts.threads() : 1)) {
            stream = onDevice;
            serve();
        } catch (Throwable e) { // whatever ends this thread, all waiters are woken
            cause = e;
        } finally {
            shutDown(cause);
        }
    }

    /** Ticks until closed, then frees the state. */
    private void serve() throws InterruptedException {
        try {
            while (awaitWork()) {
                tasks.run();
                slotWork.advance(ticker, this::othersWait, due);
                tick();
            }
        } finally {
            if (ticker != null) {
                ticker.close();
            }
        }
    }

    /** Waits for work; false once closed. */
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!othersWait() && slotWork.isEmpty()) {
                changed.await();
            }
            return closed == null;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether anything but image work waits for the inference thread. */
    private boolean othersWait() {
        lock.lock();
        try {
            return !slots.ready().isEmpty() || !tasks.isEmpty() || closed != null;
        } finally {
            lock.unlock();
        }
    }

    private void tick() throws InterruptedException {
        Batch batch = new Batch(parts.rows());
        lock.lock();
        try {
            gather();
            slots.ready().forEach(batch::take);
            changed.signalAll(); // there is room in inboxes
        } finally {
            lock.unlock();
        }
        if (batch.isEmpty()) {
            return;
        }
        TickEvent event = new TickEvent();
        event.begin();
        long start = clock.getAsLong();
        due = start + AudioSource.FRAME_NANOS;
        try {
            StepResult[] results = ticker.tick(batch.frames());
            long nanos = clock.getAsLong() - start;
            times.record(nanos);
            event.commit(batch.size(), batch.times(results));
            batch.complete(results, nanos);
        } catch (Throwable e) {
            RuntimeException reason = Failures.translated("a step", e);
            List<SlotLease.Pending> left;
            lock.lock();
            try {
                left = batch.end(reason);
            } finally {
                lock.unlock();
            }
            left.forEach(frame -> frame.fail(reason));
            Failures.rethrowFatal(e);
        }
    }

    /** Waits for frames that are about to arrive, unless a tick or a task is pending. Called under the lock. */
    private void gather() throws InterruptedException {
        long left = AudioSource.FRAME_NANOS / 4;
        while (left > 0 && closed == null && tasks.isEmpty() && slots.isGathering()) {
            left = changed.awaitNanos(left);
        }
        slots.endGathering();
    }

    private void shutDown(Throwable cause) {
        lock.lock();
        try {
            if (closed == null) {
                closed = new ConversationException(
                        EndReason.MODEL_FAILED,
                        "The engine stopped: " + LibTorch.firstLine(String.valueOf(cause)) + ". Load the model again",
                        cause);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        slots.end(closed); // first, so that no conversation queues more work
        tasks.fail(closed);
        slotWork.fail(closed);
    }

    private static void await(CompletableFuture<Void> done) {
        try {
            done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Ends all conversations with "model closed", waits for the running tick, and frees the state. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed == null) {
                closed = new ConversationException(
                        EndReason.MODEL_CLOSED, "The model was closed; load it again to go on");
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

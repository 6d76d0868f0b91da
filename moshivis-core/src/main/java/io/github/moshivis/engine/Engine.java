package io.github.moshivis.engine;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.NativeException;
import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.model.ImageEncoder;
import io.github.moshivis.model.SpeechCodec;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.LibTorch;
import io.github.moshivis.tensor.Workers;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs ticks on a thread of its own and lends slots out. Thread-safe.
 *
 * <p>A tick takes one frame from every slot that has one when it starts; it never waits for more. Between two ticks at most one
 * piece of work on pictures is done while frames wait.
 */
public final class Engine implements AutoCloseable {
    /**
     * What an engine runs.
     *
     * @param lm the language model
     * @param codec the speech codec
     * @param encoder the image encoder, or null
     * @param device where they are
     * @param slots how many conversations at once
     * @param maxImageTokens the largest picture, in tokens
     * @param userLag steps by which user codes are held back
     * @param threads how many threads products may use on the CPU
     */
    public record Parts(
            LanguageModel lm,
            SpeechCodec codec,
            ImageEncoder encoder,
            Device device,
            int slots,
            int maxImageTokens,
            int userLag,
            int threads) {}

    final ReentrantLock lock = new ReentrantLock();
    final Condition changed = lock.newCondition();
    private final Parts parts;
    private final Thread thread;
    private final SlotLease[] leases;
    private final ArrayDeque<Task> tasks = new ArrayDeque<>();
    private final ImageQueue images = new ImageQueue(this);
    private RuntimeException closed;
    private Ticker ticker;

    private Engine(Parts parts) {
        this.parts = parts;
        this.leases = new SlotLease[parts.slots()];
        this.thread = new Thread(this::run, "moshivis-inference-" + parts.device());
        this.thread.setDaemon(true);
    }

    /** Something to do between ticks, and who waits for it. */
    private record Task(Runnable work, CompletableFuture<Void> done) {}

    /**
     * Starts an engine and allocates the state of all slots.
     *
     * @param parts what it runs; must outlive it
     * @return the engine
     * @throws NativeException if the state cannot be allocated
     */
    public static Engine start(Parts parts) {
        Engine engine = new Engine(parts);
        CompletableFuture<Void> ready = engine.between(() -> engine.ticker = new Ticker(parts));
        engine.thread.start();
        try {
            await(ready);
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw new NativeException(
                    "The state of " + parts.slots() + " conversations cannot be allocated on " + parts.device()
                            + ". Lower LoadOptions.maxConversations or maxImageSize",
                    e);
        }
    }

    /**
     * Claims the lowest free slot.
     *
     * @param options how the conversation wants it
     * @return the slot, to be closed by the caller
     * @throws ConversationException if all slots are taken or the engine is closed
     */
    public SlotLease open(SlotOptions options) {
        SlotLease lease = claim();
        try {
            await(between(() -> ticker.open(lease.slot, options)));
            if (options.image() != null) {
                setImage(lease, options.image());
            }
            return lease;
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private SlotLease claim() {
        lock.lock();
        try {
            if (closed != null) {
                throw closed;
            }
            for (int slot = 0; slot < leases.length; slot++) {
                if (leases[slot] == null) {
                    leases[slot] = new SlotLease(this, slot);
                    return leases[slot];
                }
            }
            throw new ConversationException("All " + leases.length + " conversations of this model are in use."
                    + " Close one, or load the model with a larger LoadOptions.maxConversations");
        } finally {
            lock.unlock();
        }
    }

    void setImage(SlotLease lease, ImageEncoder.Prepared image) {
        CompletableFuture<Void> done;
        lock.lock();
        try {
            if (lease.ended != null) {
                throw lease.ended;
            }
            done = images.add(lease, image);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        await(done);
    }

    /** Takes a slot back. If a tick is using it, that result goes nowhere. */
    void release(SlotLease lease) {
        lock.lock();
        try {
            lease.end(new ConversationException("The conversation was closed; open another one"));
            if (leases[lease.slot] == lease) {
                leases[lease.slot] = null;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private CompletableFuture<Void> between(Runnable work) {
        Task task = new Task(work, new CompletableFuture<>());
        lock.lock();
        try {
            if (closed != null) {
                throw closed;
            }
            tasks.add(task);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return task.done;
    }

    private void run() {
        Throwable cause = null;
        try (Workers workers = Workers.start(parts.device().isCpu() ? parts.threads() : 1)) {
            while (awaitWork()) {
                runTasks();
                images.advance(ticker, this::othersWait);
                tick();
            }
        } catch (Throwable e) { // whatever ends this thread, nobody may wait for it in vain
            cause = e;
        } finally {
            shutDown(cause);
        }
    }

    /** Waits until there is something to do; false once closed. */
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!othersWait() && images.isEmpty()) {
                changed.await();
            }
            return closed == null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether anything but pictures waits for the inference thread. */
    private boolean othersWait() {
        lock.lock();
        try {
            boolean ready = false;
            for (SlotLease lease : leases) {
                ready |= lease != null && lease.isReady();
            }
            return ready || !tasks.isEmpty() || closed != null;
        } finally {
            lock.unlock();
        }
    }

    private void runTasks() {
        for (Task task = nextTask(); task != null; task = nextTask()) {
            try {
                task.work.run();
                task.done.complete(null);
            } catch (RuntimeException | OutOfMemoryError e) {
                task.done.completeExceptionally(translated("preparing its slot", e));
            }
        }
    }

    private Task nextTask() {
        lock.lock();
        try {
            return tasks.poll();
        } finally {
            lock.unlock();
        }
    }

    private void tick() {
        Batch batch = new Batch(leases.length);
        lock.lock();
        try {
            for (SlotLease lease : leases) {
                if (lease != null && lease.isReady()) {
                    batch.take(lease);
                }
            }
            changed.signalAll(); // there is room in inboxes
        } finally {
            lock.unlock();
        }
        if (batch.isEmpty()) {
            return;
        }
        try {
            batch.complete(ticker.tick(batch.frames()));
        } catch (RuntimeException | OutOfMemoryError e) {
            lock.lock();
            try {
                batch.fail(translated("a step", e));
            } finally {
                lock.unlock();
            }
        }
    }

    static RuntimeException translated(String what, Throwable e) {
        if (e instanceof IllegalArgumentException || e instanceof ConversationException) {
            return (RuntimeException) e;
        }
        return new ConversationException(
                "The conversation ended: " + what + " failed with " + LibTorch.firstLine(e.getMessage()), e);
    }

    private void shutDown(Throwable cause) {
        lock.lock();
        try {
            if (closed == null) {
                closed = new ConversationException(
                        "The engine stopped: " + LibTorch.firstLine(String.valueOf(cause)) + ". Load the model again",
                        cause);
            }
            for (SlotLease lease : leases) {
                if (lease != null) {
                    lease.end(closed);
                }
            }
            images.fail(closed);
            tasks.forEach(task -> task.done.completeExceptionally(closed));
            tasks.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (ticker != null) {
            ticker.close();
        }
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
                closed = new ConversationException("The model was closed; load it again to go on");
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

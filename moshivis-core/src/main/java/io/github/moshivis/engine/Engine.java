package io.github.moshivis.engine;

import io.github.moshivis.errors.ConversationException;
import io.github.moshivis.errors.NativeException;
import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.model.ImageEncoder;
import io.github.moshivis.model.SpeechCodec;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.LibTorch;
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
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final ArrayDeque<ImageJob> images = new ArrayDeque<>();
    private RuntimeException closed;
    private Ticker ticker;

    private Engine(Parts parts) {
        this.parts = parts;
        this.leases = new SlotLease[parts.slots()];
        this.thread = new Thread(this::run, "moshivis-inference-" + parts.device());
        this.thread.setDaemon(true);
    }

    /**
     * Starts an engine and allocates the state of all slots.
     *
     * @param parts what it runs; must outlive it
     * @return the engine
     * @throws NativeException if the state does not fit
     */
    public static Engine start(Parts parts) {
        Engine engine = new Engine(parts);
        CompletableFuture<Void> ready = new CompletableFuture<>();
        engine.tasks.add(() -> {
            engine.ticker = new Ticker(parts);
            ready.complete(null);
        });
        engine.thread.start();
        engine.await(ready);
        return engine;
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
            await(onInferenceThread(() -> ticker.open(lease.slot, options)));
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
            for (int slot = 0; slot < leases.length; slot++) {
                if (closed == null && leases[slot] == null) {
                    leases[slot] = new SlotLease(this, slot);
                    return leases[slot];
                }
            }
            throw closed != null
                    ? closed
                    : new ConversationException("All " + leases.length + " conversations of this model are in use."
                            + " Close one, or load the model with a larger LoadOptions.maxConversations");
        } finally {
            lock.unlock();
        }
    }

    void setImage(SlotLease lease, ImageEncoder.Prepared image) {
        ImageJob job = new ImageJob(lease, image);
        lock.lock();
        try {
            if (lease.ended != null) {
                throw lease.ended;
            }
            images.add(job);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        await(job.done);
    }

    /** Takes a slot back. The inference thread may be using it in a tick; that result goes nowhere. */
    void release(SlotLease lease, RuntimeException reason) {
        lock.lock();
        try {
            lease.end(reason);
            if (leases[lease.slot] == lease) {
                leases[lease.slot] = null;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private CompletableFuture<Void> onInferenceThread(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        lock.lock();
        try {
            if (closed != null) {
                throw closed;
            }
            tasks.add(() -> {
                try {
                    task.run();
                    done.complete(null);
                } catch (RuntimeException e) {
                    done.completeExceptionally(translated("opening a conversation", e));
                }
            });
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return done;
    }

    private void run() {
        Throwable cause = null;
        try {
            LibTorch.setThreads(parts.threads());
            while (awaitWork()) {
                runTasks();
                advanceImages();
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
            while (closed == null && tasks.isEmpty() && images.isEmpty() && !anyReady()) {
                changed.await();
            }
            return closed == null;
        } finally {
            lock.unlock();
        }
    }

    private boolean anyReady() {
        for (SlotLease lease : leases) {
            if (lease != null && lease.isReady()) {
                return true;
            }
        }
        return false;
    }

    private void runTasks() {
        for (Runnable task = poll(tasks); task != null; task = poll(tasks)) {
            task.run();
        }
    }

    private <T> T poll(ArrayDeque<T> queue) {
        lock.lock();
        try {
            return queue.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Works on the first picture: one piece while frames wait, else as many as it takes. */
    private void advanceImages() {
        ImageJob job = peekImage();
        if (job == null) {
            return;
        }
        boolean more = false;
        try {
            do {
                more = job.advance(ticker);
            } while (more && nothingElseToDo());
        } catch (RuntimeException e) {
            job.done.completeExceptionally(translated("encoding a picture", e));
            more = false;
        } finally {
            if (!more) {
                poll(images);
                job.close();
                job.done.complete(null);
            }
        }
    }

    private ImageJob peekImage() {
        lock.lock();
        try {
            images.removeIf(job -> {
                boolean ended = job.lease.ended != null;
                if (ended) {
                    job.close();
                    job.done.completeExceptionally(job.lease.ended);
                }
                return ended;
            });
            return images.peek();
        } finally {
            lock.unlock();
        }
    }

    private boolean nothingElseToDo() {
        lock.lock();
        try {
            return closed == null && tasks.isEmpty() && !anyReady() && images.peek().lease.ended == null;
        } finally {
            lock.unlock();
        }
    }

    private void tick() {
        float[][] frames = new float[leases.length][];
        SlotLease[] takers = new SlotLease[leases.length];
        SlotLease.Pending[] pending = new SlotLease.Pending[leases.length];
        if (!collect(frames, takers, pending)) {
            return;
        }
        try {
            StepResult[] results = ticker.tick(frames);
            for (int slot = 0; slot < results.length; slot++) {
                if (pending[slot] != null) {
                    pending[slot].result().complete(results[slot]);
                }
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            RuntimeException failure = translated("a step", e);
            for (int slot = 0; slot < takers.length; slot++) {
                if (takers[slot] != null) {
                    pending[slot].result().completeExceptionally(failure);
                    release(takers[slot], failure);
                }
            }
        }
    }

    private boolean collect(float[][] frames, SlotLease[] takers, SlotLease.Pending[] pending) {
        boolean any = false;
        lock.lock();
        try {
            for (int slot = 0; slot < leases.length; slot++) {
                SlotLease lease = leases[slot];
                if (lease != null && lease.isReady()) {
                    takers[slot] = lease;
                    pending[slot] = lease.take();
                    frames[slot] = pending[slot].frame();
                    any = true;
                }
            }
            changed.signalAll(); // there is room in inboxes
        } finally {
            lock.unlock();
        }
        return any;
    }

    private static RuntimeException translated(String what, Throwable e) {
        if (e instanceof ConversationException || e instanceof IllegalArgumentException) {
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
            images.forEach(job -> {
                job.close();
                job.done.completeExceptionally(closed);
            });
            images.clear();
            tasks.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (ticker != null) {
            ticker.close();
        }
    }

    /** Waits for the inference thread; an engine that dies meanwhile completes everything or is noticed here. */
    private void await(CompletableFuture<Void> done) {
        try {
            done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException runtime ? runtime : e;
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

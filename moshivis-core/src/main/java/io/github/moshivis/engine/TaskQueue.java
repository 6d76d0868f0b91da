package io.github.moshivis.engine;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Short work between two ticks: queued by any thread, run by the inference thread. Its fields are guarded by the engine's lock. */
final class TaskQueue {
    /** A task, and the future of its end. */
    private record Task(Runnable work, CompletableFuture<Void> done) {}

    private final Engine engine;
    private final ArrayDeque<Task> tasks = new ArrayDeque<>();

    TaskQueue(Engine engine) {
        this.engine = engine;
    }

    /** Queues work; completes when it is done, or exceptionally with what went wrong. */
    CompletableFuture<Void> add(Runnable work) {
        Task task = new Task(work, new CompletableFuture<>());
        engine.lock.lock();
        try {
            engine.requireOpen();
            tasks.add(task);
            engine.changed.signalAll();
        } finally {
            engine.lock.unlock();
        }
        return task.done;
    }

    /** Called under the engine's lock. */
    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Runs everything that is queued. On the inference thread. */
    void run() {
        for (Task task = next(); task != null; task = next()) {
            try {
                task.work.run();
                task.done.complete(null);
            } catch (Throwable e) {
                task.done.completeExceptionally(Failures.translated("preparing its slot", e));
                Failures.rethrowFatal(e);
            }
        }
    }

    private Task next() {
        engine.lock.lock();
        try {
            return tasks.poll();
        } finally {
            engine.lock.unlock();
        }
    }

    /** Fails everything that is queued in a closed engine. */
    void fail(RuntimeException reason) {
        List<Task> left;
        engine.lock.lock();
        try {
            left = List.copyOf(tasks);
            tasks.clear();
        } finally {
            engine.lock.unlock();
        }
        left.forEach(task -> task.done.completeExceptionally(reason));
    }
}

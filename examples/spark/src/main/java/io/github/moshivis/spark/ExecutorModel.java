package io.github.moshivis.spark;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * The model of an executor, loaded by its first task and kept until its Java process ends, with as many threads as conversations, so that
 * the number of tasks does not change the number of conversations. Thread-safe.
 *
 * @param <M> the model
 */
final class ExecutorModel<M extends AutoCloseable> {
    private static final Map<List<String>, ExecutorModel<?>> LOADED = new HashMap<>();

    private final M model;
    private final ExecutorService threads;

    private ExecutorModel(M model, int conversations) {
        this.model = model;
        this.threads = Executors.newFixedThreadPool(conversations, work -> {
            Thread thread = new Thread(work, "moshivis-spark");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Returns the model for a command's arguments. Models for other arguments are closed first: two models may not fit.
     *
     * @param args the arguments
     * @param conversations number of conversations
     * @param loader loads the model
     */
    @SuppressWarnings("unchecked") // equal arguments load equal models
    static <M extends AutoCloseable> ExecutorModel<M> get(String[] args, int conversations, Loader<M> loader) {
        synchronized (LOADED) {
            List<String> key = List.copyOf(Arrays.asList(args));
            ExecutorModel<?> loaded = LOADED.get(key);
            if (loaded == null) {
                closeAll();
                loaded = new ExecutorModel<>(loader.load(), conversations);
                LOADED.put(key, loaded);
            }
            return (ExecutorModel<M>) loaded;
        }
    }

    /** Closes the models of this process. Called while no task runs. */
    static void closeAll() {
        synchronized (LOADED) {
            List<ExecutorModel<?>> loaded = List.copyOf(LOADED.values());
            LOADED.clear(); // also if closing fails: other models must still be loaded
            loaded.forEach(ExecutorModel::close);
        }
    }

    private void close() {
        threads.shutdownNow();
        try {
            model.close();
        } catch (Exception e) {
            throw new IllegalStateException("The model of the last job cannot be closed", e);
        }
    }

    /** Loads a model. */
    @FunctionalInterface
    interface Loader<M> {
        /** Loads it. */
        M load();
    }

    /** Runs work with the model when one of its conversations is free. */
    <R> Future<R> submit(Function<M, R> work) {
        return threads.submit(() -> work.apply(model));
    }
}

package io.github.moshivis.spark;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Results of work that is started some inputs ahead of the requested result, in the order of the inputs. Used by one thread.
 *
 * @param <T> an input
 * @param <R> a result
 */
final class Ahead<T, R> implements Iterator<R> {
    private final Iterator<T> inputs;
    private final Function<T, Future<R>> begin;
    private final int count;
    private final ArrayDeque<Future<R>> begun = new ArrayDeque<>();

    /**
     * Creates the results without starting work.
     *
     * @param count number of inputs in progress
     */
    Ahead(Iterator<T> inputs, Function<T, Future<R>> begin, int count) {
        this.inputs = inputs;
        this.begin = begin;
        this.count = count;
    }

    @Override
    public boolean hasNext() {
        return !begun.isEmpty() || inputs.hasNext();
    }

    @Override
    public R next() {
        while (begun.size() < count && inputs.hasNext()) {
            begun.add(begin.apply(inputs.next()));
        }
        if (begun.isEmpty()) {
            throw new NoSuchElementException();
        }
        try {
            return begun.remove().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The task was ended by Spark", e);
        }
    }

    /** Cancels work whose results are not needed any more. */
    void cancel() {
        begun.forEach(work -> work.cancel(true));
    }
}

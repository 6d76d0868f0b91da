package io.github.moshivis.cli;

import io.github.moshivis.MoshiVis;
import java.util.function.Supplier;

/** A model that is loaded when it is first used. May be used by several threads. */
final class LazyModel implements AutoCloseable {
    private final Supplier<MoshiVis> loader;
    private MoshiVis model;

    LazyModel(Supplier<MoshiVis> loader) {
        this.loader = loader;
    }

    synchronized MoshiVis get() {
        model = model == null ? loader.get() : model;
        return model;
    }

    @Override
    public synchronized void close() {
        if (model != null) {
            model.close();
        }
    }
}

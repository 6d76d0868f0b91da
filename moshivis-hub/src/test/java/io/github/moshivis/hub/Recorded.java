package io.github.moshivis.hub;

import io.github.moshivis.io.ProgressListener;
import java.util.ArrayList;
import java.util.List;

/** A listener that remembers. */
final class Recorded implements ProgressListener {
    final List<Progress> all = new ArrayList<>();

    @Override
    public synchronized void advanced(Progress progress) {
        all.add(progress);
    }

    synchronized List<Progress> of(String name) {
        return all.stream().filter(progress -> progress.name().equals(name)).toList();
    }

    synchronized List<State> ends(String name) {
        return of(name).stream()
                .map(Progress::state)
                .filter(state -> state != State.RUNNING)
                .toList();
    }
}

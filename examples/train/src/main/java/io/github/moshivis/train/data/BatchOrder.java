package io.github.moshivis.train.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The order in which stretches are trained on: a function of a seed and of the number of a row alone, so that a run which goes on after
 * a stop sees what it would have seen. One list is read again and again, shuffled anew each time; of several, each row draws one
 * by their weights, and a stretch of it. Immutable.
 */
public final class BatchOrder {
    private final List<Recordings.Source> sources;
    private final boolean shuffle;
    private final long seed;

    /**
     * Sets the order.
     *
     * @param recordings at least one
     * @param shuffle whether the order of one list is random
     * @param seed of the random numbers
     */
    public BatchOrder(Recordings recordings, boolean shuffle, long seed) {
        this.sources = recordings.sources().stream()
                .filter(source -> !source.stretches().isEmpty())
                .toList();
        this.shuffle = shuffle;
        this.seed = seed;
    }

    /**
     * The stretch of a row.
     *
     * @param row counted through the whole run, from 0
     * @return the stretch
     */
    public Stretch at(long row) {
        if (sources.size() > 1) {
            return drawn(new Random(mix(row)));
        }
        List<Stretch> all = sources.get(0).stretches();
        int place = (int) (row % all.size());
        if (!shuffle) {
            return all.get(place);
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(mix(row / all.size())));
        return all.get(order.get(place));
    }

    /**
     * Random numbers for a row, other than those that choose its stretch.
     *
     * @param row counted through the whole run, from 0
     * @return a generator of its own
     */
    public Random random(long row) {
        return new Random(~mix(row));
    }

    private Stretch drawn(Random random) {
        double sum = sources.stream().mapToDouble(Recordings.Source::weight).sum();
        double at = random.nextDouble() * sum;
        int chosen = 0;
        while (chosen < sources.size() - 1 && at >= sources.get(chosen).weight()) {
            at -= sources.get(chosen++).weight();
        }
        List<Stretch> stretches = sources.get(chosen).stretches();
        return stretches.get(random.nextInt(stretches.size()));
    }

    private long mix(long number) {
        return seed * 0x9E3779B97F4A7C15L + number * 0xD1B54A32D192ED03L;
    }
}

package io.github.moshivis.lm;

import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;

/**
 * Chooses tokens on the device, each row by its own settings. Temperature first, then softmax over the whole alphabet, then the k
 * most likely without renormalising, then argmax(p / noise) with exponential noise, which draws in proportion to p. Follows {@code
 * moshi/utils/sampling.py}.
 *
 * <p>Noise enters as an input: for a row with a top-k, one number for each rank; without, one for each token. Made for one tick,
 * in its scope.
 */
final class Sampler {
    /** How a row chooses. */
    private enum Way {
        GREEDY,
        RANKED,
        NATURAL
    }

    private final Device device;
    private final int entries;
    private final Way[] ways;
    private final Tensor temperatures;
    private final int ranks;
    private final Tensor limits;
    private final Tensor[] noise;

    /**
     * Prepares the choices of a tick and draws their noise.
     *
     * @param rows the rows of the tick
     * @param settings of each row
     * @param sources of each row; drawn from in active rows only
     * @param draws how many tokens each row will choose
     * @param entries size of the alphabet
     */
    Sampler(Rows rows, Sampling[] settings, NoiseSource[] sources, int draws, int entries) {
        this.device = rows.device();
        this.entries = entries;
        int count = rows.count();
        ways = new Way[count];
        float[] temperature = new float[count];
        long[] limit = new long[count];
        int most = 0;
        for (int row = 0; row < count; row++) {
            Sampling sampling = rows.isActive(row) ? settings[row] : Sampling.GREEDY;
            ways[row] = sampling.isGreedy() ? Way.GREEDY : sampling.topK() == 0 ? Way.NATURAL : Way.RANKED;
            temperature[row] = sampling.isGreedy() ? 1f : (float) sampling.temperature();
            limit[row] = Math.min(sampling.topK(), entries);
            most = Math.max(most, ways[row] == Way.RANKED ? (int) limit[row] : 0);
        }
        ranks = most;
        noise = new Tensor[draws];
        boolean random = any(Way.RANKED) || any(Way.NATURAL);
        temperatures = random ? Tensor.of(temperature, device, count, 1) : null;
        limits = random ? Tensor.of(limit, device, count, 1) : null;
        if (random) {
            int width = any(Way.NATURAL) ? entries : ranks;
            for (int draw = 0; draw < draws; draw++) {
                float[] values = new float[count * width];
                Arrays.fill(values, 1f);
                for (int row = 0; row < count; row++) {
                    if (ways[row] != Way.GREEDY) {
                        int needed = ways[row] == Way.NATURAL ? entries : (int) limit[row];
                        sources[row].fill(values, row * width, needed);
                    }
                }
                noise[draw] = Tensor.of(values, device, count, width);
            }
        }
    }

    /** For tests: the noise is given, [B, width] for each draw. */
    Sampler(Rows rows, Sampling[] settings, float[][] givenNoise, int entries) {
        this(rows, settings, ones(settings), givenNoise.length, entries);
        for (int draw = 0; draw < noise.length && temperatures != null; draw++) {
            noise[draw] = Tensor.of(givenNoise[draw], device, rows.count(), givenNoise[draw].length / rows.count());
        }
    }

    private static NoiseSource[] ones(Sampling[] settings) {
        NoiseSource[] sources = new NoiseSource[settings.length];
        Arrays.setAll(sources, i -> new NoiseSource(0));
        return sources;
    }

    /**
     * Chooses a token in each row.
     *
     * @param draw which of the tick's draws, from 0
     * @param logits [B, entries]
     * @return I64 [B]
     */
    Tensor choose(int draw, Tensor logits) {
        Tensor float32 = logits.to(DType.F32);
        Tensor chosen = any(Way.GREEDY) ? Ops.argmax(float32) : null; // [B, entries] -> [B]
        if (any(Way.RANKED) || any(Way.NATURAL)) {
            Tensor probabilities = Ops.softmax(float32.div(temperatures));
            if (any(Way.RANKED)) {
                chosen = merge(chosen, Way.RANKED, ranked(probabilities, noise[draw]));
            }
            if (any(Way.NATURAL)) {
                chosen = merge(chosen, Way.NATURAL, Ops.argmax(probabilities.div(noise[draw])));
            }
        }
        return chosen;
    }

    private Tensor ranked(Tensor probabilities, Tensor noise) {
        Ops.TopK top = Ops.topK(probabilities, ranks); // [B, k]
        Tensor allowed = Ops.less(Tensor.arange(ranks, device), limits); // [B, k]
        Tensor scores = Ops.where(allowed, top.values().div(noise.narrow(1, 0, ranks)), -1.0);
        Tensor best = Ops.argmax(scores).unsqueeze(-1); // [B, 1]
        return Ops.gather(top.indices(), 1, best).view(ways.length); // -> [B]
    }

    private Tensor merge(Tensor chosen, Way way, Tensor other) {
        if (chosen == null) {
            return other;
        }
        boolean[] rows = new boolean[ways.length];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = ways[row] == way;
        }
        return Ops.where(Tensor.of(rows, device), other, chosen);
    }

    private boolean any(Way way) {
        return Arrays.asList(ways).contains(way);
    }
}

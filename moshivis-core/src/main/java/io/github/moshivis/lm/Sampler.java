package io.github.moshivis.lm;

import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Input;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.RowOperators;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Chooses tokens on the device, each row by its own settings. Temperature first, then softmax over the whole alphabet, then the
 * limits without renormalizing, then argmax(p / noise) with exponential noise, which draws in proportion to p. Follows {@code
 * moshi/utils/sampling.py}.
 *
 * <p>Two limits, and a token must be within both: top-k keeps the k most likely; top-p keeps, as MLX does, each token whose mass
 * together with that of all less likely ones is more than 1 - p of the whole, and always the most likely token. That is: while
 * walking from the most likely token down, those reached before the mass is p.
 *
 * <p>Noise enters as an input: for a row with a limit, one number for each rank; without, one for each token. Rows that rank
 * equally many tokens are ranked together and no others, so that a row's ties are resolved as if it were alone. Made on the host for
 * one tick.
 */
final class Sampler {
    /** Group of the rows that take the most likely token. */
    private static final int GREEDY = 0;

    /** Group of the rows without limits. */
    private static final int UNLIMITED = -1;

    /** A top-p that limits nothing, whatever rounding does to sums. */
    private static final float ALL_MASS = 2f;

    private final int count;
    private final Input temperatures;
    private final Input masses;
    private final List<Group> groups = new ArrayList<>();

    /** A change of the distribution before the choice; by default none. */
    interface Shaping {
        /** Changes nothing. */
        Shaping NONE = new Shaping() {};

        /** Logits, F32 [B, entries]. */
        default Tensor logits(Tensor logits) {
            return logits;
        }

        /** Temperatures, F32 [B, 1]. */
        default Tensor temperatures(Tensor temperatures) {
            return temperatures;
        }

        /** Probabilities, F32 [B, entries]; may be changed in place. */
        default Tensor probabilities(Tensor probabilities) {
            return probabilities;
        }
    }

    /**
     * Rows that choose in the same way.
     *
     * @param ranks how many of the most likely tokens are ranked, or {@link #GREEDY} or {@link #UNLIMITED}
     * @param rows which, BOOL [B]
     * @param noise [draws, B, ranks] or [draws, B, entries]; null for greedy rows
     */
    private record Group(int ranks, Input rows, Input noise) {
        /** The noise of one draw, [B, ranks] or [B, entries]. */
        Tensor noise(int draw) {
            return noise.tensor().select(0, draw);
        }
    }

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
        Inputs inputs = rows.inputs();
        count = rows.count();
        float[] temperature = new float[count];
        float[] mass = new float[count];
        boolean limited = false;
        TreeMap<Integer, boolean[]> members = new TreeMap<>();
        for (int row = 0; row < count; row++) {
            Sampling sampling = rows.isActive(row) ? settings[row] : Sampling.GREEDY;
            temperature[row] = sampling.isGreedy() ? 1f : (float) sampling.temperature();
            mass[row] = sampling.topP() == 1 ? ALL_MASS : (float) sampling.topP();
            limited |= sampling.topP() < 1;
            if (rows.isActive(row)) {
                members.computeIfAbsent(ranks(sampling, entries), ranks -> new boolean[count])[row] = true;
            }
        }
        if (members.isEmpty()) {
            members.put(GREEDY, new boolean[count]); // a call without active rows
        }
        temperatures = inputs.add(temperature, count, 1);
        masses = limited ? inputs.add(mass, count, 1) : null;
        members.forEach((ranks, in) -> {
            int width = ranks == UNLIMITED ? entries : ranks;
            inputs.decide(ranks);
            groups.add(new Group(
                    ranks,
                    inputs.add(in, count),
                    ranks == GREEDY ? null : inputs.add(noise(in, sources, draws, width), draws, count, width)));
        });
        inputs.decide(limited);
    }

    private static int ranks(Sampling sampling, int entries) {
        if (sampling.isGreedy()) {
            return GREEDY;
        }
        if (sampling.topK() == 0) {
            return sampling.topP() == 1 ? UNLIMITED : entries;
        }
        return Math.min(sampling.topK(), entries);
    }

    private float[] noise(boolean[] in, NoiseSource[] sources, int draws, int width) {
        float[] values = new float[draws * count * width];
        Arrays.fill(values, 1f);
        for (int draw = 0; draw < draws; draw++) {
            for (int row = 0; row < count; row++) {
                if (in[row]) {
                    sources[row].fill(values, (draw * count + row) * width, width);
                }
            }
        }
        return values;
    }

    /**
     * Chooses a token in each row.
     *
     * @param draw which of the tick's draws, from 0
     * @param logits [B, entries]
     * @return I64 [B]
     */
    Tensor choose(int draw, Tensor logits) {
        return choose(draw, logits, Shaping.NONE);
    }

    /** Chooses a token in each row from distributions that are changed on their way. */
    Tensor choose(int draw, Tensor logits, Shaping shaping) {
        boolean byKernel =
                shaping == Shaping.NONE && RowOperators.fitChoice(logits); // whatever other rows' settings are
        boolean onlyByKernel = byKernel && groups.stream().allMatch(group -> group.ranks > GREEDY);
        Tensor float32 = onlyByKernel ? null : shaping.logits(logits.to(DType.F32)); // kernels read either type
        boolean random =
                groups.stream().anyMatch(group -> group.ranks == UNLIMITED || group.ranks != GREEDY && !byKernel);
        Tensor probabilities = random
                ? shaping.probabilities(Ops.softmax(float32.div(shaping.temperatures(temperatures.tensor()))))
                : null; // [B, entries]
        Tensor chosen = null;
        for (Group group : groups) {
            Tensor tokens =
                    switch (group.ranks) {
                        case GREEDY -> Ops.argmax(float32); // [B, entries] -> [B]
                        case UNLIMITED -> Ops.argmax(probabilities.div(group.noise(draw)));
                        default ->
                            byKernel
                                    ? RowOperators.choose(
                                            logits,
                                            temperatures.tensor(),
                                            masses == null ? null : masses.tensor(),
                                            group.noise(draw))
                                    : ranked(probabilities, group.ranks, group.noise(draw));
                    };
            chosen = chosen == null ? tokens : Ops.where(group.rows.tensor(), tokens, chosen);
        }
        return chosen;
    }

    private Tensor ranked(Tensor probabilities, int ranks, Tensor noise) {
        Ops.TopK top = Ops.topK(probabilities, ranks); // [B, k]
        Tensor scores = top.values().div(noise);
        if (masses != null) {
            Tensor before = Ops.cumulativeSum(top.values(), 1).sub(top.values()); // [B, k]
            Tensor within = Ops.less(before, Ops.sum(probabilities, 1).mul(masses.tensor()));
            Device device = noise.device();
            Tensor first = Ops.less(Tensor.arange(ranks, device), Tensor.full(1, DType.I64, device, 1)); // [k]
            scores = Ops.where(Ops.or(within, first), scores, -1.0);
        }
        Tensor best = Ops.argmax(scores).unsqueeze(-1); // [B, 1]
        return Ops.gather(top.indices(), 1, best).view(count); // -> [B]
    }
}

package io.github.moshivis.lm;

import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The delays between streams: a ring of tokens [slots, S, columns + 1] in which column p mod columns is position p. Stream 0 is
 * text, then the K own codes, then the user's. The last column takes the writes of masked rows and is never read.
 *
 * <p>At step t a user code goes to position t + delay; the model reads position t, where streams that have no value yet (t &lt;=
 * delay) read their initial token; its samples go to position t + 1; and from step {@code maxDelay} on there is an output
 * row whose streams come from positions t + 1 - maxDelay + delay. Follows {@code kyuteye/models/moshivis.py}, {@code step}.
 */
final class DelayPattern implements AutoCloseable {
    private final int[] delays;
    private final int maxDelay;
    private final int generated;
    private final int userLag;
    private final int columns;
    private final boolean readsUserAhead;
    private final long[] steps;
    /** For each slot the last position whose undelayed tokens a prompt gave; -1 for none. */
    private final long[] prompted;

    private final Tensor ring;
    private final Tensor initial;

    /**
     * Allocates the ring.
     *
     * @param slots rows
     * @param delays of all S streams, in steps
     * @param generated how many streams the model makes itself: text and K codes
     * @param textInitial token of the text stream where it has no value yet
     * @param audioInitial code of the others where they have none
     * @param userLag steps by which user codes are held back: 0 as in the PyTorch reference, 1 as in the Rust one
     * @param readsUserAhead whether a step needs the user's codes at the position that it samples
     * @param device where the ring lives
     */
    DelayPattern(
            int slots,
            List<Integer> delays,
            int generated,
            long textInitial,
            long audioInitial,
            int userLag,
            boolean readsUserAhead,
            Device device) {
        this.delays = delays.stream().mapToInt(Integer::intValue).toArray();
        this.generated = generated;
        this.userLag = userLag;
        this.readsUserAhead = readsUserAhead;
        this.steps = new long[slots];
        this.prompted = new long[slots];
        Arrays.fill(prompted, -1);
        this.maxDelay = Collections.max(delays);
        this.columns = maxDelay + 2 + userLag;
        long[] tokens = new long[delays.size()];
        Arrays.fill(tokens, audioInitial);
        tokens[0] = textInitial;
        try (Scope scope = Scope.open()) {
            ring = Tensor.zeros(DType.I64, device, slots, delays.size(), columns + 1L)
                    .keep();
            initial = Tensor.of(tokens, device, tokens.length).keep();
        }
    }

    /** Returns the number of steps that a slot has taken. */
    long steps(int slot) {
        return steps[slot];
    }

    /** Returns whether a slot's present step gives an output row. */
    boolean hasOutput(int slot) {
        return steps[slot] >= maxDelay;
    }

    /** Plans a step in the active rows, and counts it. */
    DelayPlan plan(Rows rows) {
        int count = rows.count();
        int streams = delays.length;
        int user = streams - generated;
        long[] heard = new long[count * user];
        long[] read = new long[count * streams];
        boolean[] unset = new boolean[count * streams];
        long[] next = new long[count * user];
        boolean[] nextUnset = new boolean[count * user];
        long[] sampled = new long[count * generated];
        long[] due = new long[count * generated];
        boolean[] given = new boolean[count * generated];
        boolean anyGiven = false;
        for (int row = 0; row < count; row++) {
            long step = steps[row];
            for (int k = 0; k < user; k++) {
                heard[row * user + k] = column(rows, row, step + userLag + delays[generated + k]);
                next[row * user + k] = (step + 1) % columns;
                nextUnset[row * user + k] = step + 1 <= delays[generated + k];
            }
            for (int k = 0; k < streams; k++) {
                read[row * streams + k] = step % columns;
                unset[row * streams + k] = step <= delays[k];
            }
            for (int k = 0; k < generated; k++) {
                sampled[row * generated + k] = column(rows, row, step + 1);
                given[row * generated + k] =
                        rows.isActive(row) && prompted[row] >= 0 && step + 1 - delays[k] <= prompted[row];
                anyGiven |= given[row * generated + k];
                due[row * generated + k] = Math.max(0, step + 1 - maxDelay + delays[k]) % columns;
            }
            steps[row] += rows.isActive(row) ? 1 : 0;
        }
        Inputs inputs = rows.inputs();
        inputs.decide(anyGiven);
        return new DelayPlan(
                ring,
                initial,
                inputs.add(heard, count, user, 1),
                inputs.add(read, count, streams, 1),
                inputs.add(unset, count, streams),
                readsUserAhead ? inputs.add(next, count, user, 1) : null,
                readsUserAhead ? inputs.add(nextUnset, count, user) : null,
                inputs.add(sampled, count, generated, 1),
                inputs.add(due, count, generated, 1),
                anyGiven ? inputs.add(given, count, generated) : null);
    }

    /** Makes a slot go on as if steps had gone before. */
    void assumePast(int slot, long past) {
        steps[slot] = past;
    }

    /** Makes a slot go on after a prompt, whose delayed tokens are still to be read. */
    void load(int slot, Prompt prompt) {
        try (Scope scope = Scope.open()) {
            for (int ahead = 0; ahead <= maxDelay; ahead++) {
                int position = prompt.steps() + ahead;
                Tensor tokens = Tensor.of(prompt.column(position), ring.device(), delays.length);
                ring.select(0, slot).select(1, position % columns).copyFrom(tokens);
            }
        }
        steps[slot] = prompt.steps();
        prompted[slot] = prompt.steps();
    }

    /** Resets a slot. The content of its ring is never read again. */
    void reset(int slot) {
        steps[slot] = 0;
        prompted[slot] = -1;
    }

    private long column(Rows rows, int row, long position) {
        return rows.isActive(row) ? position % columns : columns;
    }

    @Override
    public void close() {
        ring.close();
        initial.close();
    }
}

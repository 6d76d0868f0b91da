package io.github.moshivis.lm;

import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The delays between streams: a ring of tokens [slots, S, columns + 1] in which column p mod columns is position p. Stream 0 is
 * text, then the K own codes, then the user's. The last column takes what masked rows write, which nobody reads.
 *
 * <p>At step t a user code goes to position t + delay; the model reads position t, where streams that have no value yet (t &lt;=
 * delay) read their initial token; what it samples goes to position t + 1; and from step {@code maxDelay} on there is an output
 * row whose streams come from positions t + 1 - maxDelay + delay. Follows {@code kyuteye/models/moshivis.py}, {@code step}.
 */
final class DelayPattern implements AutoCloseable {
    private final int[] delays;
    private final int maxDelay;
    private final int generated;
    private final int userLag;
    private final int columns;
    private final Device device;
    private final long[] steps;
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
     * @param device where the ring lives
     */
    DelayPattern(
            int slots,
            List<Integer> delays,
            int generated,
            long textInitial,
            long audioInitial,
            int userLag,
            Device device) {
        this.delays = delays.stream().mapToInt(Integer::intValue).toArray();
        this.generated = generated;
        this.userLag = userLag;
        this.device = device;
        this.steps = new long[slots];
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

    /** How many steps a slot has taken. */
    long steps(int slot) {
        return steps[slot];
    }

    /** Whether a slot's present step gives an output row. */
    boolean hasOutput(int slot) {
        return steps[slot] >= maxDelay;
    }

    /** Takes the user's codes of a frame, I64 [B, S - generated]. */
    void writeUser(Rows rows, Tensor codes) {
        int user = delays.length - generated;
        long[] index = new long[rows.count() * user];
        for (int row = 0; row < rows.count(); row++) {
            for (int k = 0; k < user; k++) {
                index[row * user + k] = column(rows, row, steps[row] + userLag + delays[generated + k]);
            }
        }
        write(rows, generated, user, index, codes);
    }

    /** What the model reads at this step, I64 [B, S]. */
    Tensor read(Rows rows) {
        int streams = delays.length;
        long[] index = new long[rows.count() * streams];
        boolean[] unset = new boolean[index.length];
        for (int row = 0; row < rows.count(); row++) {
            for (int k = 0; k < streams; k++) {
                index[row * streams + k] = steps[row] % columns;
                unset[row * streams + k] = steps[row] <= delays[k];
            }
        }
        Tensor tokens = gather(rows, streams, index);
        return Ops.where(Tensor.of(unset, device).view(rows.count(), streams), initial, tokens);
    }

    /** Takes what the model sampled at this step, I64 [B, generated]. */
    void writeSampled(Rows rows, Tensor tokens) {
        long[] index = new long[rows.count() * generated];
        for (int row = 0; row < rows.count(); row++) {
            for (int k = 0; k < generated; k++) {
                index[row * generated + k] = column(rows, row, steps[row] + 1);
            }
        }
        write(rows, 0, generated, index, tokens);
    }

    /** The output row of this step, after {@link #writeSampled}, I64 [B, generated]; unspecified where there is none. */
    Tensor output(Rows rows) {
        long[] index = new long[rows.count() * generated];
        for (int row = 0; row < rows.count(); row++) {
            for (int k = 0; k < generated; k++) {
                index[row * generated + k] = Math.max(0, steps[row] + 1 - maxDelay + delays[k]) % columns;
            }
        }
        return gather(rows, generated, index);
    }

    /** Ends the step in the active rows. */
    void advance(Rows rows) {
        for (int row = 0; row < rows.count(); row++) {
            if (rows.isActive(row)) {
                steps[row]++;
            }
        }
    }

    /** Makes a slot go on as if steps had gone before. */
    void assumePast(int slot, long past) {
        steps[slot] = past;
    }

    /** Makes a slot fresh. What its ring holds is never read again. */
    void reset(int slot) {
        steps[slot] = 0;
    }

    private long column(Rows rows, int row, long position) {
        return rows.isActive(row) ? position % columns : columns;
    }

    private void write(Rows rows, int firstStream, int streams, long[] index, Tensor tokens) {
        ring.narrow(0, 0, rows.count())
                .narrow(1, firstStream, streams)
                .scatter(2, Tensor.of(index, device, rows.count(), streams, 1), tokens.unsqueeze(-1));
    }

    private Tensor gather(Rows rows, int streams, long[] index) {
        Tensor source = ring.narrow(0, 0, rows.count()).narrow(1, 0, streams);
        return Ops.gather(source, 2, Tensor.of(index, device, rows.count(), streams, 1))
                .view(rows.count(), streams); // [B, S, 1] -> [B, S]
    }

    @Override
    public void close() {
        ring.close();
        initial.close();
    }
}

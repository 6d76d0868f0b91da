package io.github.moshivis.lm;

import io.github.moshivis.tensor.Input;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * One step of a {@link DelayPattern}: which columns of its ring the step writes and reads. Its methods are called once a step, in
 * their order.
 *
 * @param ring I64 [slots, S, columns + 1]
 * @param initial what streams without a value read, I64 [S]
 * @param heard of the user's codes, I64 [B, S - generated, 1]
 * @param present positions that the model reads, I64 [B, S, 1]
 * @param unset which streams have no value yet, BOOL [B, S]
 * @param next of the user's codes at the position that is sampled, I64 [B, S - generated, 1]; null if they are not needed
 * @param nextUnset which of those streams have no value yet, BOOL [B, S - generated]; null if they are not needed
 * @param sampled positions that the model samples, I64 [B, generated, 1]
 * @param due of the output row, I64 [B, generated, 1]
 * @param prompted which tokens of this step a prompt gave, BOOL [B, generated]; null if it gave none
 */
record DelayPlan(
        Tensor ring,
        Tensor initial,
        Input heard,
        Input present,
        Input unset,
        Input next,
        Input nextUnset,
        Input sampled,
        Input due,
        Input prompted) {
    /** Takes the user's codes of a frame, I64 [B, S - generated]. */
    void writeUser(Tensor codes) {
        write(ring.size(1) - codes.size(1), heard.tensor(), codes);
    }

    /** Returns the tokens that the model reads at this step, I64 [B, S]. */
    Tensor read() {
        return Ops.where(unset.tensor(), initial, gather(0, present.tensor()));
    }

    /** Returns the user's codes at the position that this step samples, I64 [B, S - generated]; null if they are not needed. */
    Tensor user() {
        if (next == null) {
            return null;
        }
        Tensor index = next.tensor();
        long first = ring.size(1) - index.size(1);
        return Ops.where(nextUnset.tensor(), initial.narrow(0, first, index.size(1)), gather(first, index));
    }

    /** The tokens of this step that are not the model's to choose; called before {@link #writeSampled}. */
    GivenTokens given() {
        return prompted == null ? GivenTokens.NONE : new GivenTokens(prompted.tensor(), gather(0, sampled.tensor()));
    }

    /** Stores the tokens sampled at this step, I64 [B, generated]. */
    void writeSampled(Tensor tokens) {
        write(0, sampled.tensor(), tokens);
    }

    /** The output row of this step, I64 [B, generated]; unspecified where there is none. */
    Tensor output() {
        return gather(0, due.tensor());
    }

    private void write(long firstStream, Tensor index, Tensor tokens) {
        part(firstStream, index).scatter(2, index, tokens.unsqueeze(-1)); // [B, n] -> [B, n, 1]
    }

    private Tensor gather(long firstStream, Tensor index) {
        return Ops.gather(part(firstStream, index), 2, index).view(index.size(0), index.size(1)); // [B, n, 1] -> [B, n]
    }

    /** The rows and streams that an index I64 [B, n, 1] is for, [B, n, columns + 1]. */
    private Tensor part(long firstStream, Tensor index) {
        return ring.narrow(0, 0, index.size(0)).narrow(1, firstStream, index.size(1));
    }
}

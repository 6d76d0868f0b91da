package io.github.moshivis.lm;

import io.github.moshivis.stream.Rows;
import io.github.moshivis.stream.SlotTensor;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * The last text tokens of each slot, without padding, oldest first: I64 [slots, {@value #LENGTH}]. What is not there yet is
 * the initial token, which lies behind the alphabet. Written on the device, whether a conversation uses it or not: it may ask for
 * a repetition penalty at any time.
 */
final class TextHistory implements AutoCloseable {
    /** The most that a conversation can look back; the web page asks for 200 at most. */
    static final int LENGTH = 256;

    /** The token that says that padding ends and a word starts; never spoken. */
    static final int WORD_START = 0;

    private final SlotTensor tokens;
    private final long padding;
    private final long initial;

    /**
     * Allocates the histories of all slots.
     *
     * @param padding the token of silence
     * @param initial the token that is fed before there is one: the size of the alphabet
     */
    TextHistory(int slots, long padding, long initial, Device device) {
        this.padding = padding;
        this.initial = initial;
        this.tokens = new SlotTensor(initial, DType.I64, device, slots, LENGTH);
    }

    /** Stores the text tokens of a step, I64 [B], in the active rows, except for padding. */
    void write(Rows rows, Tensor said) {
        Tensor old = tokens.get(rows); // [B, LENGTH]
        Tensor newest = said.unsqueeze(1); // [B] -> [B, 1]
        Tensor shifted = Ops.cat(1, old.narrow(1, 1, LENGTH - 1L), newest);
        Tensor counts = Ops.and(
                Ops.and(Ops.notEqual(newest, WORD_START), Ops.notEqual(newest, padding)),
                Ops.notEqual(newest, initial));
        tokens.set(rows, Ops.where(counts, shifted, old));
    }

    /** The last tokens, oldest first, I64 [B, count]. */
    Tensor last(Rows rows, int count) {
        return tokens.get(rows).narrow(1, LENGTH - count, count);
    }

    void reset(int slot) {
        tokens.reset(slot);
    }

    @Override
    public void close() {
        tokens.close();
    }
}

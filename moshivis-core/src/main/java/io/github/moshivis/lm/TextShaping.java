package io.github.moshivis.lm;

import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import java.util.function.ToDoubleFunction;

/**
 * What the modifiers of text do to the distributions of one tick, each row by its own settings; in a row without one, exactly
 * nothing. Follows the Rust reference ({@code moshi/lm_generate_multistream.rs} and its caller in {@code stream_both.rs}).
 */
final class TextShaping implements Sampler.Shaping {
    /** Gate weights from here on count as looking fully at the picture (Rust reference). */
    private static final double GATE_RANGE = 0.016;

    /** However much it looks, some temperature stays (Rust reference). */
    private static final double MOST_LOOK = 0.99;

    private final Rows rows;
    private final Controls[] controls;
    private final TextHistory history;
    private final Tensor gate;
    private final int padding;

    /**
     * Prepares the tick.
     *
     * @param controls of each slot
     * @param history what each slot said
     * @param gate mean gate of this step, F32 [B]
     * @param padding the text token of silence
     */
    TextShaping(Rows rows, Controls[] controls, TextHistory history, Tensor gate, int padding) {
        this.rows = rows;
        this.controls = controls;
        this.history = history;
        this.gate = gate;
        this.padding = padding;
    }

    /** Makes tokens that were said lately less likely, each once, however often it was said. */
    @Override
    public Tensor logits(Tensor logits) {
        long[] skipped = new long[rows.count()];
        int longest = 0;
        for (int row = 0; row < skipped.length; row++) {
            longest = Math.max(longest, lookBack(row));
        }
        if (longest == 0) {
            return logits;
        }
        for (int row = 0; row < skipped.length; row++) {
            skipped[row] = longest - lookBack(row);
        }
        long entries = logits.size(1);
        Tensor nothing = Tensor.full(entries, DType.I64, rows.device(), 1);
        Tensor tooOld = Ops.less(
                Tensor.arange(longest, rows.device()), Tensor.of(skipped, rows.device(), rows.count(), 1)); // [B, n]
        Tensor lately = Ops.where(tooOld, nothing, history.last(rows, longest)); // [B, n]
        Tensor said = Tensor.zeros(DType.BOOL, rows.device(), rows.count(), entries + 1)
                .scatter(1, lately, Tensor.full(1, DType.BOOL, rows.device(), rows.count(), longest))
                .narrow(1, 0, entries); // [B, entries + 1] -> [B, entries]
        Tensor penalty = column(Controls::repetitionPenalty, 1);
        Tensor penalised = Ops.where(Ops.atLeast(logits, 0), logits.div(penalty), logits.mul(penalty));
        return Ops.where(said, penalised, logits);
    }

    /** How many tokens of a row's history count. */
    private int lookBack(int row) {
        boolean used = rows.isActive(row) && controls[row].repetitionPenalty() != 1;
        return used ? controls[row].repetitionContext() : 0;
    }

    /** Cools the temperature while the model looks at the picture. */
    @Override
    public Tensor temperatures(Tensor temperatures) {
        if (!any(Controls::gateInfluence)) {
            return temperatures;
        }
        Tensor looks = Ops.clamp(gate.mul(1 / GATE_RANGE), 0, MOST_LOOK).unsqueeze(1); // [B] -> [B, 1]
        return temperatures.mul(
                looks.mul(column(Controls::gateInfluence, 0)).mul(-1).add(1));
    }

    /** Makes silence more or less likely. */
    @Override
    public Tensor probabilities(Tensor probabilities) {
        if (any(Controls::padMultiplier)) {
            Tensor silence = probabilities.narrow(1, padding, 1); // [B, entries] -> [B, 1]
            silence.copyFrom(silence.mul(column(control -> Math.exp(control.padMultiplier()), 1)));
        }
        return probabilities;
    }

    private boolean any(ToDoubleFunction<Controls> setting) {
        for (int row = 0; row < rows.count(); row++) {
            if (rows.isActive(row) && setting.applyAsDouble(controls[row]) != 0) {
                return true;
            }
        }
        return false;
    }

    /** A setting of each row, F32 [B, 1]. */
    private Tensor column(ToDoubleFunction<Controls> setting, float inactive) {
        float[] values = new float[rows.count()];
        for (int row = 0; row < values.length; row++) {
            values[row] = rows.isActive(row) ? (float) setting.applyAsDouble(controls[row]) : inactive;
        }
        return Tensor.of(values, rows.device(), rows.count(), 1);
    }
}

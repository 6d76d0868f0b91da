package io.github.moshivis.lm;

import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Input;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Changes to the text distributions of one tick, each row by its own settings; a row without any is left exactly as it is. Follows the Rust
 * reference ({@code moshi/lm_generate_multistream.rs} and its caller in {@code stream_both.rs}).
 */
final class TextShaping {
    /** Gate weights from here on count as looking fully at the picture (Rust reference). */
    private static final double GATE_RANGE = 0.016;

    /** However much it looks, some temperature stays (Rust reference). */
    private static final double MAX_LOOK = 0.99;

    private final Rows rows;
    private final Controls[] controls;
    private final TextHistory history;
    private final int padding;
    /** Number of past tokens that count; 0 if no row has a penalty. */
    private final int lookBack;
    /** For each row, how many of them are too old, I64 [B, 1]. */
    private final Input skipped;

    private final Input penalties;
    private final Input gateInfluences;
    private final Input silences;
    /** Added to the logits while a row follows a prompt, F32 [B, entries]; null if none does. */
    private final Input restrictions;

    /**
     * Plans the tick.
     *
     * @param controls of each slot
     * @param history what each slot said
     * @param prompts of each slot
     * @param padding the text token of silence
     * @param entries text tokens that can be chosen
     */
    TextShaping(Rows rows, Controls[] controls, TextHistory history, TextPrompt[] prompts, int padding, int entries) {
        this.rows = rows;
        this.controls = controls;
        this.history = history;
        this.padding = padding;
        long[] looks = new long[rows.count()];
        for (int row = 0; row < looks.length; row++) {
            boolean used = rows.isActive(row) && controls[row].repetitionPenalty() != 1;
            looks[row] = used ? controls[row].repetitionContext() : 0;
        }
        int longest = (int) Arrays.stream(looks).max().orElseThrow();
        lookBack = longest > 0 && rows.inputs().isReplayed() ? TextHistory.LENGTH : longest;
        long[] tooOld = Arrays.stream(looks).map(look -> lookBack - look).toArray();
        rows.inputs().decide(lookBack);
        skipped = lookBack == 0 ? null : rows.inputs().add(tooOld, rows.count(), 1);
        penalties = lookBack == 0 ? null : column(Controls::repetitionPenalty, 1);
        gateInfluences = any(Controls::gateInfluence) ? column(Controls::gateInfluence, 0) : null;
        silences = any(Controls::padMultiplier) ? column(control -> Math.exp(control.padMultiplier()), 1) : null;
        restrictions = restrictions(prompts, entries);
    }

    private Input restrictions(TextPrompt[] prompts, int entries) {
        boolean any = false;
        for (int row = 0; row < rows.count(); row++) {
            any |= rows.isActive(row) && prompts[row].isLeft();
        }
        rows.inputs().decide(any);
        if (!any) {
            return null;
        }
        float[] addends = new float[rows.count() * entries];
        for (int row = 0; row < rows.count(); row++) {
            if (rows.isActive(row) && prompts[row].isLeft()) {
                prompts[row].restrict(addends, row * entries, entries, padding);
            }
        }
        return rows.inputs().add(addends, rows.count(), entries);
    }

    private boolean any(ToDoubleFunction<Controls> setting) {
        boolean any = false;
        for (int row = 0; row < rows.count(); row++) {
            any |= rows.isActive(row) && setting.applyAsDouble(controls[row]) != 0;
        }
        rows.inputs().decide(any);
        return any;
    }

    /** A setting of each row, F32 [B, 1]. */
    private Input column(ToDoubleFunction<Controls> setting, float inactive) {
        float[] values = new float[rows.count()];
        for (int row = 0; row < values.length; row++) {
            values[row] = rows.isActive(row) ? (float) setting.applyAsDouble(controls[row]) : inactive;
        }
        return rows.inputs().add(values, rows.count(), 1);
    }

    /** The modifiers on the device; the gate is the step's mean gate, F32 [B]. */
    Sampler.Shaping at(Tensor gate) {
        return new Sampler.Shaping() {
            @Override
            public Tensor logits(Tensor logits) {
                Tensor changed = lookBack == 0 ? logits : penalised(logits);
                return restrictions == null ? changed : changed.add(restrictions.tensor());
            }

            @Override
            public Tensor temperatures(Tensor temperatures) {
                return gateInfluences == null ? temperatures : cooled(temperatures, gate);
            }

            @Override
            public Tensor probabilities(Tensor probabilities) {
                return silences == null ? probabilities : silenced(probabilities);
            }
        };
    }

    /** Makes tokens that were said lately less likely, each once, however often it was said. */
    private Tensor penalised(Tensor logits) {
        long entries = logits.size(1);
        Device device = logits.device();
        Tensor nothing = Tensor.full(entries, DType.I64, device, 1);
        Tensor tooOld = Ops.less(Tensor.arange(lookBack, device), skipped.tensor()); // [B, n]
        Tensor lately = Ops.where(tooOld, nothing, history.last(rows, lookBack)); // [B, n]
        Tensor said = Tensor.zeros(DType.BOOL, device, rows.count(), entries + 1)
                .scatter(1, lately, Tensor.full(1, DType.BOOL, device, rows.count(), lookBack))
                .narrow(1, 0, entries); // [B, entries + 1] -> [B, entries]
        Tensor penalty = penalties.tensor();
        Tensor penalised = Ops.where(Ops.atLeast(logits, 0), logits.div(penalty), logits.mul(penalty));
        return Ops.where(said, penalised, logits);
    }

    /** Cools the temperature while the model looks at the picture. */
    private Tensor cooled(Tensor temperatures, Tensor gate) {
        Tensor looks = Ops.clamp(gate.mul(1 / GATE_RANGE), 0, MAX_LOOK).unsqueeze(1); // [B] -> [B, 1]
        return temperatures.mul(looks.mul(gateInfluences.tensor()).mul(-1).add(1));
    }

    /** Makes silence more or less likely. */
    private Tensor silenced(Tensor probabilities) {
        Tensor silence = probabilities.narrow(1, padding, 1); // [B, entries] -> [B, 1]
        silence.copyFrom(silence.mul(silences.tensor()));
        return probabilities;
    }
}

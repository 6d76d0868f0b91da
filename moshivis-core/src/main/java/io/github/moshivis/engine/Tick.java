package io.github.moshivis.engine;

import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.lm.LmState;
import io.github.moshivis.lm.StepPlan;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;

/**
 * One tick in three parts: the constructor plans it on the host, {@link #work} runs the uploaded plan on the device, and
 * {@link #results} reads its one result. A tick that is going to be replayed always decodes, in no row if none is due.
 */
final class Tick {
    private final LanguageModel lm;
    private final int frameSize;
    private final int count;
    private final boolean[] active;
    private final boolean[] due;
    private final boolean[] looks;
    private final long[] steps;
    private final UserCodes user;
    private final StepPlan step;
    private final SpeechCodec.Pass decoding;
    private long encodeNanos;
    private long temporalNanos;
    private long depthNanos;
    private long decodeNanos;

    /** Model, codec and their states of all slots, which ticks work with. */
    record State(LanguageModel lm, SpeechCodec codec, LmState lmState, SpeechCodec.State codecState) {}

    /**
     * Plans a tick, and counts it in everything that takes part.
     *
     * @param frames for each slot its frame; null in slots without one
     * @param promptSteps for each slot the steps that its prompt took
     * @param count rows
     */
    Tick(State state, Inputs inputs, UserFrame[] frames, long[] promptSteps, int count) {
        this.lm = state.lm();
        this.frameSize = state.codec().frameSize();
        this.count = count;
        active = new boolean[count];
        due = new boolean[count];
        looks = new boolean[count];
        steps = new long[count];
        boolean anyDue = false;
        for (int slot = 0; slot < count; slot++) {
            active[slot] = frames[slot] != null;
            steps[slot] = state.lmState().steps(slot) - promptSteps[slot];
            due[slot] = active[slot] && state.lmState().hasOutput(slot);
            looks[slot] = active[slot] && state.lmState().seesImage(slot);
            anyDue |= due[slot];
        }
        Rows rows = Rows.of(inputs, active);
        user = new UserCodes(state, inputs, rows, frames);
        step = lm.plan(rows, state.lmState(), looks);
        decoding = lm.modelCodebooks() > 0 && (anyDue || inputs.isReplayed())
                ? state.codec().planDecoding(state.codecState(), Rows.of(inputs, due))
                : null;
    }

    /**
     * Encodes, steps and decodes on the device.
     *
     * @return F32 [B, 1 + K + heard codes + 1 + pause heads + samples]: the tokens that are due, what was heard, the gate, pauses and
     *     speech if there is any; float32 holds each integer up to 2^24, more than any alphabet has
     */
    Tensor work() {
        long start = System.nanoTime();
        Tensor heard = user.heard(); // [B, all codes]
        long encoded = System.nanoTime();
        LanguageModel.Step taken =
                lm.step(heard.narrow(1, 0, lm.userCodebooks()).contiguous(), step);
        long stepped = System.nanoTime();
        Tensor tokens = taken.output(); // [B, 1 + K]
        Tensor gate = taken.gate().unsqueeze(1); // [B] -> [B, 1]
        Tensor told = Ops.cat(1, tokens.to(DType.F32), heard.to(DType.F32), gate);
        for (Tensor pause : taken.pauses()) {
            told = Ops.cat(1, told, pause.narrow(1, 0, 1)); // [B, classes] -> [B, 1]
        }
        Tensor result = decoding == null ? told : Ops.cat(1, told, speech(tokens));
        encodeNanos = encoded - start;
        temporalNanos = taken.temporalDone() - encoded;
        depthNanos = stepped - taken.temporalDone();
        decodeNanos = System.nanoTime() - stepped;
        return result;
    }

    /** Tokens [B, 1 + K] -> samples [B, samples]. */
    private Tensor speech(Tensor tokens) {
        return decoding.run(tokens.narrow(1, 1, lm.modelCodebooks()).contiguous());
    }

    /**
     * Splits the output by slots.
     *
     * @param output all elements of the result of {@link #work}, or of work of the same kind
     * @param start when the tick began, by {@link System#nanoTime}
     * @return for each slot its result, or null
     */
    StepResult[] results(float[] output, long start) {
        StageTimes times =
                new StageTimes(encodeNanos, temporalNanos, depthNanos, decodeNanos, System.nanoTime() - start);
        int own = lm.modelCodebooks();
        int all = user.count();
        int width = output.length / count;
        StepResult[] results = new StepResult[count];
        for (int slot = 0; slot < count; slot++) {
            int token = slot * width;
            int heard = token + 1 + own;
            int gate = heard + all;
            int speech = gate + 1 + lm.pauseHeads();
            if (active[slot]) {
                StepResult.Row row = due[slot]
                        ? new StepResult.Row(
                                (int) output[token],
                                integers(output, token + 1, own),
                                output[gate],
                                Arrays.copyOfRange(output, gate + 1, speech),
                                Arrays.copyOfRange(output, speech, speech + (own > 0 ? frameSize : 0)))
                        : null;
                int[] codes = integers(output, heard, all);
                results[slot] = new StepResult(
                        steps[slot], Arrays.copyOf(codes, lm.userCodebooks()), codes, looks[slot], row, times);
            }
        }
        return results;
    }

    private static int[] integers(float[] values, int from, int count) {
        int[] integers = new int[count];
        for (int i = 0; i < count; i++) {
            integers[i] = (int) values[from + i];
        }
        return integers;
    }
}

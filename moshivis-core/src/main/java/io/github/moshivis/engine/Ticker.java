package io.github.moshivis.engine;

import io.github.moshivis.lm.Controls;
import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.lm.LmState;
import io.github.moshivis.lm.Look;
import io.github.moshivis.model.ImageEncoder;
import io.github.moshivis.model.SpeechCodec;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.Tensor;
import java.util.Arrays;

/**
 * The work of a tick: encode, step, decode, once, batched over the prefix of slots that covers all active ones. Owns the state of
 * all slots. Used by the inference thread alone.
 */
final class Ticker implements AutoCloseable {
    private final LanguageModel lm;
    private final SpeechCodec codec;
    private final Device device;
    private final LmState lmState;
    private final SpeechCodec.State codecState;
    private final long[] imageStart;
    private final int fixedBatch;

    Ticker(Engine.Parts parts) {
        lm = parts.lm();
        codec = parts.codec();
        device = parts.device();
        lmState = lm.newState(parts.rows(), parts.maxImageTokens(), parts.userLag());
        codecState = codec.newState(parts.rows());
        fixedBatch = parts.fixedBatch();
        imageStart = new long[parts.rows()];
    }

    void open(int slot, SlotOptions options) {
        lmState.open(slot, options.controls(), options.textSeed(), options.audioSeed());
        lmState.assumePast(slot, options.pastSteps());
        codecState.reset(slot);
        imageStart[slot] = options.imageStart();
    }

    void control(int slot, Controls controls) {
        lmState.control(slot, controls);
    }

    Look beginLook(ImageEncoder.Encoding encoding) {
        try (Scope scope = Scope.open()) {
            return lm.beginLook(encoding.features());
        }
    }

    void setImage(int slot, Look look) {
        lmState.setImage(slot, look);
    }

    void clearImage(int slot) {
        lmState.clearImage(slot);
    }

    /**
     * Runs one tick.
     *
     * @param frames for each slot its frame, or null if it takes no part
     * @return for each slot its result, or null
     */
    StepResult[] tick(float[][] frames) {
        int count = fixedBatch > 0 ? fixedBatch : bucket(frames);
        boolean[] active = new boolean[count];
        boolean[] due = new boolean[count];
        boolean[] looks = new boolean[count];
        long[] steps = new long[count];
        float[] samples = new float[count * codec.frameSize()];
        boolean anyDue = false;
        for (int slot = 0; slot < count; slot++) {
            active[slot] = frames[slot] != null;
            steps[slot] = lmState.steps(slot);
            due[slot] = active[slot] && lmState.hasOutput(slot);
            looks[slot] = active[slot] && lmState.hasImage(slot) && steps[slot] >= imageStart[slot];
            anyDue |= due[slot];
            if (active[slot]) {
                System.arraycopy(frames[slot], 0, samples, slot * codec.frameSize(), codec.frameSize());
            }
        }
        long start = System.nanoTime();
        long encoded;
        LanguageModel.Step step;
        long stepped;
        long decoded;
        int[][] codes;
        StepResult.Row[] output;
        try (Scope scope = Scope.open()) {
            Rows rows = Rows.of(device, active);
            Tensor pcm = Tensor.of(samples, device, count, codec.frameSize()); // [B, 1920]
            Tensor heard = codec.encode(pcm, codecState, rows); // [B, K]
            encoded = System.nanoTime();
            step = lm.step(heard.narrow(1, 0, lm.userCodebooks()).contiguous(), rows, lmState, looks);
            stepped = System.nanoTime();
            Tensor spoken = anyDue ? decode(step, Rows.of(device, due)) : null; // [B, 1920]
            decoded = System.nanoTime();
            codes = codes(heard);
            output = output(due, step, spoken);
        }
        StageTimes times = new StageTimes(
                encoded - start,
                step.temporalDone() - encoded,
                stepped - step.temporalDone(),
                decoded - stepped,
                System.nanoTime() - start);
        StepResult[] results = new StepResult[count];
        for (int slot = 0; slot < count; slot++) {
            results[slot] =
                    active[slot] ? new StepResult(steps[slot], codes[slot], looks[slot], output[slot], times) : null;
        }
        return results;
    }

    private Tensor decode(LanguageModel.Step step, Rows rows) {
        Tensor codes = step.output().narrow(1, 1, step.output().size(1) - 1); // [B, 1 + K] -> [B, K]
        return codec.decode(codes.contiguous(), codecState, rows);
    }

    /** For each slot the row that is due, or null. Waits for the device. */
    private StepResult.Row[] output(boolean[] due, LanguageModel.Step step, Tensor spoken) {
        long[] tokens = step.output().toLongs();
        float[] gates = step.gate().toFloats();
        float[] pcm = spoken == null ? null : spoken.toFloats();
        int width = tokens.length / due.length;
        StepResult.Row[] rows = new StepResult.Row[due.length];
        for (int slot = 0; slot < due.length; slot++) {
            if (due[slot]) {
                int from = slot * codec.frameSize();
                rows[slot] = new StepResult.Row(
                        (int) tokens[slot * width],
                        ints(tokens, slot * width + 1, width - 1),
                        gates[slot],
                        Arrays.copyOfRange(pcm, from, from + codec.frameSize()));
            }
        }
        return rows;
    }

    /** For each slot what the codec heard. */
    private int[][] codes(Tensor heard) {
        long[] all = heard.toLongs();
        int rows = (int) heard.size(0);
        int[][] codes = new int[rows][];
        for (int row = 0; row < rows; row++) {
            codes[row] = ints(all, row * (all.length / rows), lm.userCodebooks());
        }
        return codes;
    }

    /** The smallest power of two that covers the highest active slot, or all slots. */
    private static int bucket(float[][] frames) {
        int highest = 0;
        for (int slot = 0; slot < frames.length; slot++) {
            highest = frames[slot] == null ? highest : slot;
        }
        int bucket = 1;
        while (bucket <= highest) {
            bucket *= 2;
        }
        return Math.min(bucket, frames.length);
    }

    private static int[] ints(long[] values, int from, int count) {
        int[] ints = new int[count];
        for (int i = 0; i < count; i++) {
            ints[i] = (int) values[from + i];
        }
        return ints;
    }

    @Override
    public void close() {
        lmState.close();
        codecState.close();
    }
}

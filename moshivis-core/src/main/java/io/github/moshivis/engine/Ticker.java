package io.github.moshivis.engine;

import io.github.moshivis.lm.Controls;
import io.github.moshivis.lm.ImageProjection;
import io.github.moshivis.lm.LanguageModel;
import io.github.moshivis.lm.LmState;
import io.github.moshivis.lm.Prompt;
import io.github.moshivis.lm.PromptState;
import io.github.moshivis.plugin.tensor.ImageEncoder;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.DeviceStream;
import io.github.moshivis.tensor.GraphRecorder;
import io.github.moshivis.tensor.Inputs;
import io.github.moshivis.tensor.Scope;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs ticks, batched over the prefix of slots that covers all active ones. Owns the state of all slots. Used by the inference
 * thread alone.
 */
class Ticker implements AutoCloseable {
    private final LanguageModel lm;
    private final LmState lmState;
    private final SpeechCodec.State codecState;
    private final Tick.State state;
    private final int fixedBatch;
    private final Inputs inputs;
    private final Replays replays;
    private final Engine.Parts parts;
    /** Frames of each slot's conversation so far; counted only if the codec is reset after the first. */
    private final long[] framesHeard;

    /** Steps of the slots' prompts, which are none of their conversations' frames. */
    private final long[] promptSteps;

    /** States after prompts, the least used first. */
    private final Map<Object, PromptState> prompts = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Allocates the state of all slots.
     *
     * @param inputs what ticks are planned in; owned
     * @param recorder records the device's part of ticks; null to do without; owned
     */
    Ticker(Engine.Parts parts, Inputs inputs, GraphRecorder recorder) {
        this.inputs = inputs;
        this.parts = parts;
        replays = new Replays(recorder);
        lm = parts.lm();
        lmState = lm.newState(parts.rows(), parts.maxImageTokens(), parts.userLag(), parts.compactKeys());
        codecState = parts.codec().newState(parts.rows());
        framesHeard = new long[parts.rows()];
        promptSteps = new long[parts.rows()];
        state = new Tick.State(lm, parts.codec(), lmState, codecState);
        fixedBatch = parts.fixedBatch();
    }

    /** The way to tick that suits the parts' device, on whose stream its thread is. */
    static Ticker on(Engine.Parts parts, DeviceStream stream) {
        Device device = parts.device();
        boolean cuda = device.kind() == Device.Kind.CUDA;
        return new Ticker(
                parts,
                cuda ? Inputs.packed(device) : Inputs.direct(device),
                parts.cudaGraphs() ? stream.newRecorder() : null);
    }

    void open(int slot, SlotOptions options) {
        restart(slot, options);
        lmState.assumePast(slot, options.pastSteps());
        codecState.reset(slot);
        framesHeard[slot] = 0;
        promptSteps[slot] = 0;
        lmState.startImageAt(slot, options.imageStart());
    }

    /** Resets the language model, not the codec. */
    void restart(int slot, SlotOptions options) {
        lmState.open(slot, options.controls(), options.textSeed(), options.audioSeed());
        lmState.prompt(slot, options.textPrompt());
    }

    VoiceEncoding beginVoice(float[] samples) {
        return new VoiceEncoding(parts.codec(), parts.device(), samples, lm.modelCodebooks());
    }

    PromptState beginPrompt(PromptRequest request, int[][] voice) {
        Prompt prompt = request.stored() == null
                ? Prompt.of(lm.config(), voice, request.role())
                : Prompt.of(lm.config(), request.stored(), request.role());
        return lm.beginPrompt(prompt);
    }

    /** The state after a prompt, if it is kept; null if not. */
    PromptState keptPrompt(Object key) {
        return prompts.get(key);
    }

    /** Keeps a state, owned from now on, in the place of the one that was used least recently. */
    void keepPrompt(Object key, PromptState state) {
        prompts.put(key, state);
        if (prompts.size() > Math.max(1, parts.keptPrompts())) {
            Iterator<PromptState> leastUsed = prompts.values().iterator();
            leastUsed.next().close();
            leastUsed.remove();
        }
    }

    void load(int slot, PromptState prompt) {
        lmState.load(slot, prompt);
        promptSteps[slot] = lmState.steps(slot);
    }

    void control(int slot, Controls controls) {
        lmState.control(slot, controls);
    }

    ImageProjection beginProjection(ImageEncoder.Encoding encoding) {
        try (Scope scope = Scope.open()) {
            return lm.beginProjection(encoding.features());
        }
    }

    void setImage(int slot, ImageProjection projection) {
        lmState.setImage(slot, projection);
    }

    void clearImage(int slot) {
        lmState.clearImage(slot);
    }

    /**
     * Runs one tick.
     *
     * @param frames for each slot its frame; null in slots without one
     * @return for each slot its result, or null
     */
    StepResult[] tick(UserFrame[] frames) {
        long start = System.nanoTime();
        try (Scope scope = Scope.open()) {
            if (parts.restartsCodec()) {
                restartCodec(frames);
            }
            inputs.begin();
            Tick tick = new Tick(state, inputs, frames, promptSteps, fixedBatch > 0 ? fixedBatch : bucket(frames));
            inputs.upload();
            float[] output = replays.run(inputs::signature, tick::work).toFloats();
            StepResult[] results = tick.results(output, start);
            noteChosen(results);
            return results;
        }
    }

    /** Passes the sampled text tokens to the slots' prompts, whose allowed tokens in the next step depend on them. */
    private void noteChosen(StepResult[] results) {
        for (int slot = 0; slot < results.length; slot++) {
            if (results[slot] != null && results[slot].row() != null) {
                lmState.chosen(slot, results[slot].row().textToken());
            }
        }
    }

    /** Resets the codec in slots at their second frame: the left padding of the first is repeated. */
    private void restartCodec(UserFrame[] frames) {
        for (int slot = 0; slot < frames.length; slot++) {
            if (frames[slot] != null && framesHeard[slot]++ == 1) {
                codecState.reset(slot);
            }
        }
    }

    /** The smallest power of two that covers the highest active slot, or all slots. */
    private static int bucket(UserFrame[] frames) {
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

    @Override
    public void close() {
        prompts.values().forEach(PromptState::close);
        replays.close();
        inputs.close();
        lmState.close();
        codecState.close();
    }
}

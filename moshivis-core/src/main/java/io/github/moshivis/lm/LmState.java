package io.github.moshivis.lm;

import io.github.moshivis.layout.DepthConfig;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.stream.AttentionState;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Scope;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.function.Function;

/** Everything that steps of the language model change, for all slots. Nothing in it grows. */
public final class LmState implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LmState.class.getName());

    final AttentionState temporal;
    final TemporalPrograms programs = new TemporalPrograms();
    /** Null for a model without a depth transformer. */
    final DepthCache depth;

    final DelayPattern delays;
    final ImageKvCache images;
    final TextHistory history;
    private final Controls[] controls;
    private final TextPrompt[] prompts;
    private final int padding;
    private final int textEntries;
    private final NoiseSource[] textNoise;
    private final NoiseSource[] audioNoise;

    LmState(
            LmConfig config,
            int depthSteps,
            int slots,
            int maxImageTokens,
            int userLag,
            DType dtype,
            boolean compactKeys,
            Device device) {
        DType attention = keysAndValues(config.headDim(), dtype, compactKeys, device);
        temporal = new AttentionState(
                slots, config.layers(), config.heads(), config.context(), config.headDim(), attention, device);
        depth = config.depth() == null ? null : depth(config.depth(), slots, depthSteps, dtype, device);
        delays = new DelayPattern(
                slots,
                config.delays(),
                1 + config.modelCodebooks(),
                config.initialTextToken(),
                config.initialAudioCode(),
                userLag,
                depthSteps > config.modelCodebooks(),
                device);
        images = new ImageKvCache(
                slots, config.heads(), Math.max(1, maxImageTokens), config.headDim(), attention, device);
        history = new TextHistory(slots, config.paddingToken(), config.initialTextToken(), device);
        padding = config.paddingToken();
        textEntries = config.textCard();
        prompts = new TextPrompt[slots];
        controls = new Controls[slots];
        textNoise = new NoiseSource[slots];
        audioNoise = new NoiseSource[slots];
        for (int slot = 0; slot < slots; slot++) {
            open(slot, Controls.GREEDY, 0, 0);
        }
    }

    private static DepthCache depth(DepthConfig config, int slots, int steps, DType dtype, Device device) {
        return new DepthCache(slots, config.layers(), config.heads(), steps, config.headDim(), dtype, device);
    }

    /** The type of keys and values for LibTorch's attention, which on a CPU is several times faster in float32 than in bfloat16. */
    static DType attention(DType dtype, Device device) {
        return device.isCpu() ? DType.F32 : dtype;
    }

    /**
     * Makes a fresh slot go on after a prompt.
     *
     * @param slot which
     * @param prompt computed to its end; not needed afterwards
     */
    public void load(int slot, PromptState prompt) {
        temporal.copy(slot, prompt.attention());
        delays.load(slot, prompt.prompt());
    }

    /** The type of keys and values in slots: that of the model where a kernel of our own attends, or 8 bits. */
    static DType keysAndValues(int headDim, DType dtype, boolean compact, Device device) {
        boolean kernel = KeysValues.hasKernel(headDim, device);
        if (compact && !kernel) {
            LOG.log(
                    Level.WARNING,
                    "Keys and values of 8 bits need native kernels, on the CPU; they take {0} here",
                    dtype);
        }
        if (kernel) {
            return compact ? DType.I8 : dtype;
        }
        return attention(dtype, device);
    }

    /**
     * Makes a slot fresh for a conversation.
     *
     * @param slot which
     * @param chosen how its tokens are chosen
     * @param textSeed of the text tokens' randomness
     * @param audioSeed of the codes' randomness
     */
    public void open(int slot, Controls chosen, long textSeed, long audioSeed) {
        temporal.reset(slot);
        delays.reset(slot);
        images.reset(slot);
        images.start(slot, 0);
        history.reset(slot);
        controls[slot] = chosen;
        prompts[slot] = TextPrompt.NONE;
        textNoise[slot] = new NoiseSource(textSeed);
        audioNoise[slot] = new NoiseSource(audioSeed);
    }

    /** Makes a fresh slot go on as if steps had gone before, of which nothing but their number is known. */
    public void assumePast(int slot, long steps) {
        temporal.assumePast(slot, steps);
        delays.assumePast(slot, steps);
    }

    /** Changes how a slot's tokens are chosen from the next step on. Its randomness goes on. */
    public void control(int slot, Controls chosen) {
        controls[slot] = chosen;
    }

    /** Makes a slot write a text before it writes freely; see {@link #chosen}. */
    public void prompt(int slot, int[] tokens) {
        prompts[slot] = new TextPrompt(tokens);
    }

    /** Takes note of a slot's text token of the last step, which its prompt depends on. */
    public void chosen(int slot, int token) {
        prompts[slot].chosen(token);
    }

    /** Draws a slot's text tokens by other noise. */
    void setTextNoise(int slot, NoiseSource noise) {
        textNoise[slot] = noise;
    }

    /** Sets a slot's picture and replaces the one it may have. */
    public void setImage(int slot, CrossAttention.ImageKeysValues image) {
        images.put(slot, image);
    }

    /** Sets a slot's picture from a finished projection and replaces the one it may have. */
    public void setImage(int slot, ImageProjection projection) {
        try (Scope scope = Scope.open()) {
            images.put(slot, projection.keysValues());
        }
    }

    /** Removes a slot's picture. */
    public void clearImage(int slot) {
        images.reset(slot);
    }

    /** Sets the first step of a slot that attends to its picture; {@link #open} sets 0. */
    public void startImageAt(int slot, long step) {
        images.start(slot, step);
    }

    /** Tells whether the next step of a slot attends to a picture. */
    public boolean seesImage(int slot) {
        return images.isSeen(slot, steps(slot));
    }

    /** Returns the number of steps that a slot's conversation has taken. */
    public long steps(int slot) {
        return delays.steps(slot);
    }

    /** Returns whether the next step of a slot gives an output row. */
    public boolean hasOutput(int slot) {
        return delays.hasOutput(slot);
    }

    /** Plans how text tokens are chosen, and draws their noise. */
    Sampler textSampler(Rows rows, int entries) {
        return new Sampler(rows, samplings(Controls::text), textNoise, 1, entries);
    }

    /** Plans what modifies the text's distributions. */
    TextShaping textShaping(Rows rows) {
        return new TextShaping(rows, controls, history, prompts, padding, textEntries);
    }

    /** Plans how codes are chosen, and draws their noise. */
    Sampler audioSampler(Rows rows, int codebooks, int entries) {
        return new Sampler(rows, samplings(Controls::audio), audioNoise, codebooks, entries);
    }

    private Sampling[] samplings(Function<Controls, Sampling> kind) {
        return Arrays.stream(controls).map(kind).toArray(Sampling[]::new);
    }

    @Override
    public void close() {
        programs.close();
        temporal.close();
        if (depth != null) {
            depth.close();
        }
        delays.close();
        history.close();
        images.close();
    }
}

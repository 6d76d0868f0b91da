package io.github.moshivis.lm;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.Embedding;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.stream.Rows;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Device;
import io.github.moshivis.tensor.KeysValues;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import java.util.List;

/**
 * Language model of a talk about pictures: takes the user's codes of a frame, and gives a text token and the codes of the model's own speech. Without a depth
 * transformer, speech to text: the text is the transcript, and heads give the probabilities of pauses. Immutable weights; all state is in {@link LmState}. Follows {@code kyuteye/models/moshivis.py}.
 */
public final class LanguageModel {
    private final LmConfig config;
    private final Embedding textEmbedding;
    private final List<Embedding> audioEmbeddings;
    private final TemporalTransformer temporal;
    private final CrossAttention crossAttention;
    private final Linear textHead;
    private final List<Linear> pauseHeads;
    private final DepthTransformer depth;
    private final DType dtype;
    private final Device device;

    LanguageModel(
            LmConfig config,
            Embedding textEmbedding,
            List<Embedding> audioEmbeddings,
            TemporalTransformer temporal,
            CrossAttention crossAttention,
            Linear textHead,
            List<Linear> pauseHeads,
            DepthTransformer depth,
            DType dtype,
            Device device) {
        this.config = config;
        this.textEmbedding = textEmbedding;
        this.audioEmbeddings = List.copyOf(audioEmbeddings);
        this.temporal = temporal;
        this.crossAttention = crossAttention;
        this.textHead = textHead;
        this.pauseHeads = List.copyOf(pauseHeads);
        this.depth = depth;
        this.dtype = dtype;
        this.device = device;
    }

    /**
     * The output of one step, in the scope of the step. Inactive rows are undefined.
     *
     * @param output the row of tokens that is due, text first, then codes by delay: I64 [B, 1 + K]; unspecified before {@link
     *     LmState#hasOutput}
     * @param sampled tokens sampled in this step, I64 [B, 1 + K]
     * @param gate mean gate, F32 [B]
     * @param hidden output of the temporal transformer, [B, D]
     * @param input tokens that the model read, I64 [B, S]
     * @param textLogits [B, text entries]
     * @param audioLogits for each sub-step of the depth transformer [B, audio entries]: the model's codebooks, then the user's if they are
     *     computed
     * @param pauses for each pause head the probabilities of its classes, F32 [B, classes]
     * @param temporalDone when the temporal part was over, by {@link System#nanoTime}
     */
    public record Step(
            Tensor output,
            Tensor sampled,
            Tensor gate,
            Tensor hidden,
            Tensor input,
            Tensor textLogits,
            Tensor[] audioLogits,
            Tensor[] pauses,
            long temporalDone) {}

    /**
     * Allocates state.
     *
     * @param slots how many conversations at once
     * @param maxImageTokens the largest picture, in tokens; 0 if there are no pictures
     * @param userLag steps by which user codes are held back: 0 as PyTorch, 1 as Rust and MLX
     * @return state whose slots are all fresh, owned by the caller
     */
    public LmState newState(int slots, int maxImageTokens, int userLag) {
        return newState(slots, maxImageTokens, userLag, false);
    }

    /**
     * Allocates state.
     *
     * @param slots how many conversations at once
     * @param maxImageTokens the largest picture, in tokens; 0 if there are no pictures
     * @param userLag steps by which user codes are held back: 0 as PyTorch, 1 as Rust and MLX
     * @param compactKeys whether keys and values of past steps and pictures are held in 8 bits
     * @return state whose slots are all fresh, owned by the caller
     */
    public LmState newState(int slots, int maxImageTokens, int userLag, boolean compactKeys) {
        int depthSteps = depth == null ? 0 : depth.slices().size();
        return new LmState(config, depthSteps, slots, maxImageTokens, userLag, dtype, compactKeys, device);
    }

    /**
     * Bytes of the keys and values of one position, a past step or an image token, that a step reads in all layers of the temporal
     * transformer.
     *
     * @param compactKeys whether they are held in 8 bits
     * @return bytes
     */
    public long positionBytes(boolean compactKeys) {
        DType held = LmState.keysAndValues(config.headDim(), dtype, compactKeys, device);
        return config.layers() * KeysValues.bytesPerPosition(config.heads(), config.headDim(), held);
    }

    /** Tells whether this model has cross-attention to pictures. */
    public boolean hasCrossAttention() {
        return crossAttention != null;
    }

    /** Number of audio codebooks that the model generates. */
    public int modelCodebooks() {
        return config.modelCodebooks();
    }

    /** Number of heads for the probabilities of pauses. */
    public int pauseHeads() {
        return pauseHeads.size();
    }

    /** Number of the user's audio codebooks that are fed to the model. */
    public int userCodebooks() {
        return config.userCodebooks();
    }

    /**
     * Computes the keys and values of one picture.
     *
     * @param features from the image encoder, [1, N, D]
     * @return keys and values in this scope
     */
    public CrossAttention.ImageKeysValues imageKeysValues(Tensor features) {
        return crossAttention.keysValues(features.to(dtype));
    }

    /**
     * Starts to compute a picture's keys and values, for {@link LmState#setImage(int, ImageProjection)}.
     *
     * @param features from the image encoder, [1, N, D]; what it views may be freed afterwards
     * @return the work, owned by the caller
     */
    public ImageProjection beginProjection(Tensor features) {
        return new ImageProjection(crossAttention.keyValue(), features.to(dtype), 2L * config.dim());
    }

    /**
     * Begins to compute what this model remembers of a prompt.
     *
     * @param prompt for a model of this size
     * @return the work and its result, owned by the caller
     */
    public PromptState beginPrompt(Prompt prompt) {
        return new PromptState(
                this,
                prompt,
                config.layers(),
                config.heads(),
                config.headDim(),
                LmState.attention(dtype, device),
                device);
    }

    /**
     * Plans a step of the active rows on the host, draws its noise, and counts it. The step must be run next.
     *
     * @param rows the rows of the tick
     * @param state state that the step changes
     * @param looks for each row, whether it looks at its picture
     * @return the plan
     */
    public StepPlan plan(Rows rows, LmState state, boolean[] looks) {
        return new StepPlan(
                rows,
                state,
                state.delays.plan(rows),
                temporal.plan(state.temporal, rows),
                state.images.plan(rows, looks),
                state.textSampler(rows, config.textCard()),
                state.textShaping(rows),
                depth == null ? null : state.audioSampler(rows, config.modelCodebooks(), config.audioCard()));
    }

    /**
     * Takes a planned step. Work on the device alone.
     *
     * @param userCodes the user's codes of this frame, I64 [B, user codebooks]
     * @param plan from {@link #plan}, its inputs uploaded
     * @return sampled tokens, and the output that is due
     */
    public Step step(Tensor userCodes, StepPlan plan) {
        return step(userCodes, null, plan);
    }

    /** Plans a step and runs it. */
    public Step step(Tensor userCodes, Rows rows, LmState state, boolean[] looks) {
        return step(userCodes, null, plan(rows, state, looks));
    }

    /**
     * A step whose choices are given, so that two implementations can be compared although they would choose differently.
     *
     * @param forced tokens used in place of sampled ones, I64 [B, 1 + K]
     * @return the model's own choices in {@code sampled}; {@code output} follows the forced ones
     */
    public Step forcedStep(Tensor userCodes, Tensor forced, Rows rows, LmState state, boolean[] looks) {
        return step(userCodes, forced, plan(rows, state, looks));
    }

    private Step step(Tensor userCodes, Tensor forced, StepPlan plan) {
        LmState state = plan.state();
        plan.delays().writeUser(userCodes);
        Tensor input = plan.delays().read(); // [B, S]
        ImageWindow image = plan.image() == null ? null : plan.image().window();
        TemporalTransformer.Output temporalOutput = temporal.forward(
                embed(input).unsqueeze(1), // [B, D] -> [B, 1, D]
                state.temporal,
                plan.attention(),
                image,
                state.programs);
        Tensor hidden = temporalOutput.hidden().select(1, 0); // [B, 1, D] -> [B, D]

        Tensor textLogits = textHead.forward(hidden);
        GivenTokens given = plan.delays().given();
        Tensor text =
                given.keep(0, plan.text().choose(0, textLogits, plan.shaping().at(temporalOutput.gate()))); // [B]
        Tensor[] pauses = pauseHeads.stream()
                .map(head -> Ops.softmax(head.forward(hidden).to(DType.F32)))
                .toArray(Tensor[]::new);
        long temporalDone = System.nanoTime();
        DepthTransformer.Output codes = depth == null
                ? DepthTransformer.Output.NONE
                : depth.forward(
                        hidden,
                        text,
                        forced,
                        plan.delays().user(),
                        state.depth,
                        (s, logits) -> given.keep(s + 1, plan.audio().choose(s, logits)));

        Tensor chosen = text.unsqueeze(1); // [B] -> [B, 1]
        Tensor sampled = depth == null ? chosen : Ops.cat(1, chosen, codes.codes()); // [B, 1 + K]
        Tensor said = forced == null ? sampled : forced;
        plan.delays().writeSampled(said);
        state.history.write(plan.rows(), said.select(1, 0));
        return new Step(
                plan.delays().output(), // [B, 1 + K]
                sampled,
                temporalOutput.gate(),
                hidden,
                input,
                textLogits,
                codes.logits(),
                pauses,
                temporalDone);
    }

    /**
     * The sum of all streams' embeddings, text first, in the model's type: [B, S] -> [B, D]. Conversations accumulate in that type, as their
     * reference does; speech to text, which adds up to 33 of them, in float32.
     */
    Tensor embed(Tensor input) {
        DType accumulator = config.isSpeechToText() ? DType.F32 : dtype;
        Tensor sum = textEmbedding.forward(input.select(1, 0)).to(accumulator);
        for (int k = 0; k < audioEmbeddings.size(); k++) {
            sum = sum.add(audioEmbeddings.get(k).forward(input.select(1, k + 1)).to(accumulator));
        }
        return sum.to(dtype);
    }

    DType dtype() {
        return dtype;
    }

    /** The sizes. */
    public LmConfig config() {
        return config;
    }

    TemporalTransformer temporal() {
        return temporal;
    }

    DepthTransformer depth() {
        return depth;
    }
}

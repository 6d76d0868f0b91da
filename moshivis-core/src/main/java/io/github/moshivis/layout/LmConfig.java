package io.github.moshivis.layout;

import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/**
 * Sizes of the language model: temporal transformer, depth transformer, and the cross-attention to the image.
 *
 * <p>Streams are counted as the model does: 0 is text, then the model's own codebooks, then the user's.
 *
 * @param dim width of the temporal transformer ({@code dim})
 * @param heads attention heads, of the cross-attention too ({@code num_heads})
 * @param layers layers ({@code num_layers})
 * @param context keys that a step sees, its own included ({@code context}, in steps of 80 ms)
 * @param maxPeriod base of the rotary embedding ({@code max_period})
 * @param hiddenScale nominal width of the gated feed-forward over {@code dim} ({@code hidden_scale}); see {@link #hidden()}
 * @param textCard text tokens that can be produced ({@code text_card}); one more can be fed
 * @param paddingToken text token of silence ({@code padding_token_id})
 * @param audioCard entries of an audio codebook ({@code audio_card}); one more can be fed
 * @param audioStreams audio streams that are fed ({@code n_q})
 * @param modelCodebooks audio streams that the model generates ({@code dep_q}), the first of those fed; 0 for speech to text
 * @param delays steps by which each stream lags, text first ({@code delays}); {@code audioStreams + 1} of them
 * @param depth the depth transformer; null for a model that generates no audio
 * @param imageDim width of the image tokens that are attended ({@code xa_dim}); empty for a model without cross-attention
 * @param stt what only a speech-to-text model has; null for a model of conversations
 */
public record LmConfig(
        int dim,
        int heads,
        int layers,
        int context,
        double maxPeriod,
        double hiddenScale,
        int textCard,
        int paddingToken,
        int audioCard,
        int audioStreams,
        int modelCodebooks,
        List<Integer> delays,
        DepthConfig depth,
        OptionalInt imageDim,
        SttConfig stt) {

    /** The released MoshiVis (kyutai-labs/moshivis, {@code kyuteye/config/subconfigs.py} and {@code configs/moshika-vis.yaml}). */
    public static final LmConfig MOSHIKA_VIS = new LmConfig(
            4096,
            32,
            32,
            3000,
            10_000,
            4.125,
            32_000,
            3,
            2048,
            16,
            8,
            List.of(0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1),
            new DepthConfig(1024, 16, 6, 8, 4224),
            OptionalInt.of(4096),
            null);

    /** The gate's inner layer is this many times narrower than the model (kyuteye {@code modules/cross_attention.py}). */
    private static final int GATE_REDUCTION = 8;

    /**
     * Checks the sizes against their ranges and each other.
     *
     * @throws IllegalArgumentException naming the reference's key, the value found, and the values allowed
     */
    public LmConfig {
        delays = List.copyOf(delays);
        Validation.rotaryHeads("num_heads", heads, "dim", dim);
        Validation.layers("num_layers", layers);
        Validation.context("context", context);
        Validation.positive("max_period", maxPeriod);
        Validation.positive("hidden_scale", hiddenScale);
        Validation.require(hiddenScale <= 64, "hidden_scale", hiddenScale, "at most 64");
        GatedWidth.check("hidden_scale", dim, (int) (hiddenScale * dim));
        Validation.size("text_card", textCard);
        Validation.require(
                paddingToken >= 0 && paddingToken < textCard,
                "padding_token_id",
                paddingToken,
                "a text token, below text_card = " + textCard);
        Validation.size("audio_card", audioCard);
        Validation.codebooks("n_q", audioStreams);
        if (stt == null) {
            Validation.codebooks("dep_q", modelCodebooks);
            Validation.require(
                    modelCodebooks <= audioStreams, "dep_q", modelCodebooks, "at most n_q = " + audioStreams);
        } else {
            Validation.require(modelCodebooks == 0, "dep_q", modelCodebooks, "0, as speech to text generates no audio");
        }
        Validation.require(
                delays.size() == audioStreams + 1,
                "delays",
                delays.size() + " values",
                "n_q + 1 = " + (audioStreams + 1) + ", one for text and one for each audio stream");
        Validation.require(
                delays.stream().allMatch(d -> d >= 0 && d <= Validation.MAX_DELAY),
                "delays",
                delays,
                "none negative or absurd");
        if (depth != null) {
            Validation.require(
                    depth.context() >= modelCodebooks,
                    "depformer_context",
                    depth.context(),
                    "at least dep_q = " + modelCodebooks + ", the sub-steps that attend each other");
        }
        if (imageDim.isPresent()) {
            Validation.size("xa_dim", imageDim.getAsInt());
            Validation.require(
                    dim % GATE_REDUCTION == 0,
                    "dim",
                    dim,
                    "a multiple of " + GATE_REDUCTION + " for the gates' inner layer");
        }
    }

    /**
     * The same sizes with other images.
     *
     * @param width width of the image tokens; empty for a model without cross-attention
     * @return the sizes
     */
    public LmConfig imageDim(OptionalInt width) {
        return with(context, audioCard, width, stt);
    }

    /**
     * The same sizes with a shorter window.
     *
     * @param steps keys that a step sees, its own included; at most {@link #context}
     * @return the sizes
     */
    public LmConfig context(int steps) {
        return with(steps, audioCard, imageDim, stt);
    }

    /** The same sizes with another alphabet of codes. */
    LmConfig audioCard(int entries) {
        return with(context, entries, imageDim, stt);
    }

    private LmConfig with(int steps, int entries, OptionalInt width, SttConfig other) {
        return new LmConfig(
                dim,
                heads,
                layers,
                steps,
                maxPeriod,
                hiddenScale,
                textCard,
                paddingToken,
                entries,
                audioStreams,
                modelCodebooks,
                delays,
                depth,
                width,
                other);
    }

    /**
     * The same sizes with other pause heads.
     *
     * @param heads number of heads; 0 for none
     * @param classes classes of each head; 0 for none
     * @return the sizes of a speech-to-text model
     */
    public LmConfig pauseHeads(int heads, int classes) {
        return with(context, audioCard, imageDim, stt.pauseHeads(heads, classes));
    }

    /**
     * Width of an attention head.
     *
     * @return the width
     */
    public int headDim() {
        return dim / heads;
    }

    /**
     * Width inside the gated feed-forward: the input projection has twice as many rows.
     *
     * @return the width
     */
    public int hidden() {
        return GatedWidth.of(dim, (int) (hiddenScale * dim));
    }

    /**
     * Width of the inner layer of the cross-attention's gates.
     *
     * @return the width
     */
    public int gateHidden() {
        return dim / GATE_REDUCTION;
    }

    /**
     * All streams that are fed: text and audio.
     *
     * @return {@code audioStreams + 1}
     */
    public int streams() {
        return audioStreams + 1;
    }

    /**
     * Audio streams that carry the user's voice.
     *
     * @return {@code audioStreams - modelCodebooks}
     */
    public int userCodebooks() {
        return audioStreams - modelCodebooks;
    }

    /**
     * The longest delay.
     *
     * @return steps
     */
    public int maxDelay() {
        return Collections.max(delays);
    }

    /**
     * The text token fed before there is one; never produced.
     *
     * @return the token
     */
    public int initialTextToken() {
        return textCard;
    }

    /**
     * The code fed where a delayed stream has none yet; never produced.
     *
     * @return the code
     */
    public int initialAudioCode() {
        return audioCard;
    }

    /**
     * Returns whether the model attends to an image.
     *
     * @return true for MoshiVis, false for plain Moshi
     */
    public boolean seesImages() {
        return imageDim.isPresent();
    }

    /**
     * Returns whether this is a speech-to-text model.
     *
     * @return true for speech to text, false for a model of conversations
     */
    public boolean isSpeechToText() {
        return stt != null;
    }
}

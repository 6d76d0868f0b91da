package io.github.moshivis.layout;

import java.util.OptionalInt;

/**
 * Reads the language model's sizes from the YAML of a release: the keys of kyuteye's {@code MoshiConfig} and {@code FusionConfig},
 * flat. A missing key has the released value; the release's own file states no sizes at all.
 */
final class LmConfigReader {
    private static final LmConfig RELEASED = LmConfig.MOSHIKA_VIS;

    /** Keys that only matter to a model with cross-attention. */
    private static final String[] CROSS_ATTENTION = {
        "norm_xa",
        "xa_gating",
        "xa_conditional_gating",
        "xa_shared",
        "xa_gate_shared",
        "xa_layers",
        "xa_step",
        "xa_delay",
        "xa_start",
        "xa_end",
        "xa_rope",
        "xa_extended_layer_dims",
        "xa_extended_layer_embed_dims",
        "xa_extended_layer_p_norm"
    };

    private LmConfigReader() {}

    /**
     * Reads and checks.
     *
     * @param yaml the file
     * @param encoderDim width of the image encoder's output, which is attended as it is if nothing aligns it
     */
    static LmConfig read(ConfigNode yaml, int encoderDim) {
        refuseWhatIsNotImplemented(yaml);
        DepthConfig depth = yaml.checked(() -> new DepthConfig(
                yaml.integer("depformer_dim", RELEASED.depth().dim()),
                yaml.integer("depformer_num_heads", RELEASED.depth().heads()),
                yaml.integer("depformer_num_layers", RELEASED.depth().layers()),
                yaml.integer("depformer_context", RELEASED.depth().context()),
                yaml.integer("depformer_dim_feedforward", RELEASED.depth().feedForward())));
        int dim = yaml.integer("dim", RELEASED.dim());
        OptionalInt imageDim = imageDim(yaml, dim, encoderDim);
        return yaml.checked(() -> new LmConfig(
                dim,
                yaml.integer("num_heads", RELEASED.heads()),
                yaml.integer("num_layers", RELEASED.layers()),
                yaml.integer("context", RELEASED.context()),
                yaml.decimal("max_period", RELEASED.maxPeriod()),
                yaml.decimal("hidden_scale", RELEASED.hiddenScale()),
                yaml.integer("text_card", RELEASED.textCard()),
                yaml.integer("padding_token_id", RELEASED.paddingToken()),
                yaml.integer("audio_card", RELEASED.audioCard()),
                yaml.integer("n_q", RELEASED.audioStreams()),
                yaml.integer("dep_q", RELEASED.modelCodebooks()),
                yaml.integers("delays", RELEASED.delays()),
                depth,
                imageDim,
                null));
    }

    /** As kyuteye's KyuteyeConfig: {@code xa_dim} where it is given, else the model's width, or the encoder's if not aligned. */
    private static OptionalInt imageDim(ConfigNode yaml, int dim, int encoderDim) {
        OptionalInt given = yaml.optionalInteger("xa_dim");
        boolean aligned = yaml.flag("align_img_and_speech_tokens_dim", true);
        yaml.only("num_crossattended_tokens", "-1", "0");
        yaml.ignore(CROSS_ATTENTION);
        if (yaml.integer("num_crossattended_tokens", -1) == 0) {
            return OptionalInt.empty();
        }
        refuseOtherCrossAttention(yaml);
        return OptionalInt.of(given.orElse(aligned ? dim : encoderDim));
    }

    private static void refuseWhatIsNotImplemented(ConfigNode yaml) {
        yaml.only("causal", "true");
        yaml.only("gating", "true");
        yaml.only("activation", "silu");
        yaml.only("positional_embedding", "rope");
        yaml.only("depformer", "true");
        yaml.only("depformer_gating", "true");
        yaml.only("depformer_activation", "silu");
        yaml.only("depformer_multi_linear", "true");
        yaml.only("depformer_weights_per_step", "true");
        yaml.only("depformer_pos_emb", "none");
        // Which of the root-mean-square forms runs is an option of loading: the reference does not go by these names
        // either.
        yaml.only("norm", "rms_norm_f32", "real_rms_norm_f32", "rms_norm", "real_rms_norm");
        yaml.only("num_extra_tokens", "0");
        yaml.only("interpolation", "bicubic");
        // Without extra tokens there is nothing to insert or to normalize. The pictures' size is an
        // option of a talk.
        yaml.ignore("add_boi_eoi", "token_insertion", "norm_extra", "image_size");
    }

    private static void refuseOtherCrossAttention(ConfigNode yaml) {
        yaml.only("norm_xa", "rms_norm", "rms_norm_f32", "real_rms_norm", "real_rms_norm_f32");
        yaml.only("xa_gating", "sigmoid");
        yaml.only("xa_conditional_gating", "true");
        yaml.only("xa_shared", "true");
        yaml.only("xa_gate_shared", "false");
        yaml.only("xa_layers", "[]");
        yaml.only("xa_step", "1");
        yaml.only("xa_delay", "0");
        yaml.only("xa_start", "start");
        yaml.only("xa_end", "end");
        yaml.only("xa_rope", "false");
        yaml.only("xa_extended_layer_dims", "null");
    }
}

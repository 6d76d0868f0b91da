package io.github.moshivis.layout;

import java.util.OptionalInt;

/**
 * Reads plain Moshi's sizes from the {@code config.json} of its repositories: the arguments of {@code LMModel} in
 * {@code moshi/models/lm.py}, and names of files. A missing key has the released value.
 */
final class MoshiConfigReader {
    private static final LmConfig RELEASED = LmConfig.MOSHIKA_VIS;

    private MoshiConfigReader() {}

    /** Returns whether a {@code config.json} is Moshi's: the name is everybody's. */
    static boolean isMoshi(ConfigNode json) {
        return json.has("dep_q");
    }

    /** Reads and checks. */
    static LmConfig read(ConfigNode json) {
        refuseWhatIsNotImplemented(json);
        double hiddenScale = json.decimal("hidden_scale", RELEASED.hiddenScale());
        int streams = json.integer("n_q", RELEASED.audioStreams());
        int steps = json.integer("dep_q", RELEASED.modelCodebooks());
        // PersonaPlex has depth steps for the user's codes too, which only its training needs.
        int generated = steps == streams && steps > 1 ? streams / 2 : steps;
        int depthDim = json.integer("depformer_dim", RELEASED.depth().dim());
        DepthConfig depth = json.checked(() -> new DepthConfig(
                depthDim,
                json.integer("depformer_num_heads", RELEASED.depth().heads()),
                json.integer("depformer_num_layers", RELEASED.depth().layers()),
                generated,
                json.optionalInteger("depformer_dim_feedforward").orElse((int) (hiddenScale * depthDim))));
        return json.checked(() -> new LmConfig(
                json.integer("dim", RELEASED.dim()),
                json.integer("num_heads", RELEASED.heads()),
                json.integer("num_layers", RELEASED.layers()),
                json.integer("context", RELEASED.context()),
                json.decimal("max_period", RELEASED.maxPeriod()),
                hiddenScale,
                json.integer("text_card", RELEASED.textCard()),
                json.integer("existing_text_padding_id", RELEASED.paddingToken()),
                json.integer("card", RELEASED.audioCard()),
                streams,
                generated,
                json.integers("delays", RELEASED.delays()),
                depth,
                OptionalInt.empty()));
    }

    private static void refuseWhatIsNotImplemented(ConfigNode json) {
        json.only("causal", "true");
        json.only("gating", "silu");
        json.only("norm", "rms_norm_f32", "real_rms_norm_f32", "rms_norm", "real_rms_norm");
        json.only("positional_embedding", "rope");
        json.only("layer_scale", "null");
        json.only("norm_emb", "false");
        json.only("bias_proj", "false");
        json.only("quantize", "false");
        // A merged checkpoint still says "lora": true: there is nothing to add without an adapter file (moshi adds
        // random ones).
        json.ignore("lora", "lora_rank", "lora_scaling");
        json.only("cross_attention", "false");
        json.only("text_card_out", "null");
        json.only("demux_second_stream", "false");
        json.only("demux_second_text_stream", "false");
        json.only("conditioners", "{}", "null");
        json.only("depformer_multi_linear", "true");
        json.only("depformer_weights_per_step", "true");
        json.only("depformer_weights_per_step_schedule", "null");
        json.only("depformer_low_rank_embeddings", "null");
        json.only("depformer_pos_emb", "none");
        json.only("depformer_gating", "silu");
        json.only("depformer_layer_scale", "null");
        json.only("depformer_norm", "null");
        json.only("kv_repeat", "1");
        json.onlyEmpty("fuser", "sum", "cross", "prepend");
        json.only("model_type", "moshi", "personaplex");
        // The depth transformer has no positions, and moshi itself ignores its context: all sub-steps are attended.
        json.ignore("depformer_max_period", "depformer_context", "depformer_causal", "existing_text_end_padding_id");
        // Without speech to text the extra heads on the state have no readers; the others name files or trace the
        // training.
        json.ignore("extra_heads_num_heads", "extra_heads_dim", "gradient_checkpointing", "stt_config");
        json.ignore("model_id", "tts_config", "lora_name", "mimi_config_name");
    }
}

package io.github.moshivis.layout;

import java.util.Collections;
import java.util.OptionalInt;

/**
 * Reads plain Moshi's or speech to text's sizes from the {@code config.json} of its repositories: the arguments of {@code LMModel} in
 * {@code moshi/models/lm.py}, and names of files. A missing key has the released value.
 */
final class MoshiConfigReader {
    private static final LmConfig RELEASED = LmConfig.MOSHIKA_VIS;

    /** The {@code model_type} of kyutai's speech-to-text models. */
    static final String STT = "stt";

    /** The {@code model_type} of transformers' form of the same models. */
    private static final String STT_OF_TRANSFORMERS = "kyutai_speech_to_text";

    private MoshiConfigReader() {}

    /**
     * Returns whether a {@code config.json} is Moshi's: other models use this name, too.
     *
     * @throws io.github.moshivis.errors.CheckpointException if it is a speech-to-text model in transformers' form
     */
    static boolean isMoshi(ConfigNode json) {
        if (json.text("model_type").filter(STT_OF_TRANSFORMERS::equals).isPresent()) {
            throw json.wrong(
                    "model_type",
                    STT_OF_TRANSFORMERS + ", the form of Hugging Face's transformers",
                    "the form of kyutai's own repositories: load kyutai/stt-1b-en_fr instead of kyutai/stt-1b-en_fr-trfs,"
                            + " and likewise for other models");
        }
        return json.has("dep_q");
    }

    /** Reads and checks. */
    static LmConfig read(ConfigNode json) {
        refuseWhatIsNotImplemented(json);
        double hiddenScale = json.decimal("hidden_scale", RELEASED.hiddenScale());
        int streams = json.integer("n_q", RELEASED.audioStreams());
        int steps = json.integer("dep_q", RELEASED.modelCodebooks());
        SttConfig stt = stt(json, steps);
        int generated = MoshiSizes.modelCodebooks(streams, steps);
        DepthConfig depth = depth(json, generated, hiddenScale);
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
                json.integers("delays", stt == null ? RELEASED.delays() : Collections.nCopies(streams + 1, 0)),
                depth,
                OptionalInt.empty(),
                stt));
    }

    /** Speech to text states the sizes of a depth transformer that it does not have. */
    private static DepthConfig depth(ConfigNode json, int generated, double hiddenScale) {
        if (generated == 0) {
            json.ignore("depformer_dim", "depformer_num_heads", "depformer_num_layers", "depformer_dim_feedforward");
            return null;
        }
        int dim = json.integer("depformer_dim", RELEASED.depth().dim());
        return json.checked(() -> new DepthConfig(
                dim,
                json.integer("depformer_num_heads", RELEASED.depth().heads()),
                json.integer("depformer_num_layers", RELEASED.depth().layers()),
                generated,
                json.optionalInteger("depformer_dim_feedforward").orElse((int) (hiddenScale * dim))));
    }

    /** Speech to text is known by its {@code model_type}, or by generating nothing. Its pause heads are known by their tensors. */
    private static SttConfig stt(ConfigNode json, int generated) {
        boolean named = json.text("model_type").filter(STT::equals).isPresent();
        if (!named && generated > 0) {
            json.ignore("stt_config", "extra_heads_num_heads", "extra_heads_dim");
            return null;
        }
        json.ignore("extra_heads_num_heads", "extra_heads_dim");
        ConfigNode stt = json.child("stt_config");
        return json.checked(() -> new SttConfig(
                stt.decimal("audio_delay_seconds"), stt.decimal("audio_silence_prefix_seconds", 0), 0, 0));
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
        json.only("model_type", "moshi", "personaplex", STT);
        // The depth transformer has no positions, and moshi itself ignores its context: all sub-steps are attended.
        json.ignore("depformer_max_period", "depformer_context", "depformer_causal", "existing_text_end_padding_id");
        // These name files or trace the training.
        json.ignore("gradient_checkpointing", "model_id", "tts_config", "lora_name", "mimi_config_name");
    }
}

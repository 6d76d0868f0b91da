package io.github.moshivis.layout;

import java.util.LinkedHashMap;
import java.util.Map;

/** Content of a speech-to-text model's {@value ModelLayout#MOSHI_CONFIG}, with the keys that the released ones have. */
final class SttConfigContent {
    private SttConfigContent() {}

    static Map<String, Object> of(LmConfig lm) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("card", lm.audioCard());
        json.put("n_q", lm.audioStreams());
        json.put("dep_q", lm.modelCodebooks());
        json.put("delays", lm.delays());
        json.put("dim", lm.dim());
        json.put("text_card", lm.textCard());
        json.put("existing_text_padding_id", lm.paddingToken());
        json.put("num_heads", lm.heads());
        json.put("num_layers", lm.layers());
        json.put("hidden_scale", lm.hiddenScale());
        json.put("context", lm.context());
        json.put("max_period", lm.maxPeriod());
        json.put("causal", true);
        json.put("gating", "silu");
        json.put("norm", "rms_norm_f32");
        json.put("positional_embedding", "rope");
        json.put("extra_heads_num_heads", lm.stt().pauseHeads());
        json.put("extra_heads_dim", lm.stt().pauseClasses());
        json.put(
                "stt_config",
                Map.of(
                        "audio_delay_seconds", lm.stt().delay(),
                        "audio_silence_prefix_seconds", lm.stt().silencePrefix()));
        json.put("model_type", MoshiConfigReader.STT);
        json.put("moshi_name", ModelLayout.LM);
        json.put("mimi_name", ModelLayout.Companion.MIMI.released());
        json.put("tokenizer_name", ModelLayout.Companion.TOKENIZER.released());
        return json;
    }
}

package io.github.moshivis.layout;

import java.util.Map;
import java.util.Optional;

/** Reads {@code siglip_config.json}, the form of transformers' {@code SiglipVisionConfig}, or uses the sizes of a named encoder. */
final class VisionConfigReader {
    private static final VisionConfig RELEASED = VisionConfig.SIGLIP_SO400M_448;

    /** Encoders of one architecture, by kyuteye's names ({@code config/enums.py}): side of their training images in pixels. */
    private static final Map<String, Integer> SIZES = Map.of(
            "siglip_gemma1_224", 224,
            "siglip_gemma2_224", 224,
            "siglip_gemma2_448", 448,
            "siglip_gemma2_896", 896);

    private VisionConfigReader() {}

    static VisionConfig read(ConfigNode json) {
        json.only("model_type", "siglip_vision_model");
        json.only("hidden_act", "gelu_pytorch_tanh");
        // The pooling head, if there is one, is not used: the model attends the last hidden state.
        json.ignore("vision_use_head", "attention_dropout", "torch_dtype", "dtype", "transformers_version");
        json.ignore("num_image_tokens", "projection_dim", "projector_hidden_act");
        return json.checked(() -> new VisionConfig(
                json.integer("hidden_size"),
                json.integer("intermediate_size"),
                json.integer("num_hidden_layers"),
                json.integer("num_attention_heads"),
                json.integer("image_size"),
                json.integer("patch_size"),
                json.integer("num_channels", RELEASED.channels()),
                json.decimal("layer_norm_eps", RELEASED.normEpsilon())));
    }

    /** The encoder that a release's YAML names, where no file states its sizes. */
    static VisionConfig named(ConfigNode yaml) {
        Optional<String> name = yaml.text("encoder_name");
        if (name.isEmpty()) {
            return RELEASED;
        }
        Integer size = SIZES.get(name.get());
        if (size == null) {
            throw yaml.wrong(
                    "encoder_name",
                    name.get(),
                    "one of " + SIZES.keySet().stream().sorted().toList());
        }
        return RELEASED.imageSize(size);
    }
}

package io.github.moshivis.layout;

/** Reads {@code mimi_config.json}, the form of {@code _mimi_config} in moshi's {@code models/loaders.py}. */
final class MimiConfigReader {
    private MimiConfigReader() {}

    static MimiConfig read(ConfigNode json) {
        json.only("channels", "1");
        ConfigNode seanetNode = json.child("seanet");
        MimiConfig.Seanet seanet = seanet(seanetNode);
        MimiConfig.Transformer transformer = transformer(json.child("transformer"), seanet.dimension());
        MimiConfig.Quantizer quantizer = quantizer(json.child("quantizer"), seanet.dimension());
        return json.checked(() -> new MimiConfig(
                json.integer("sample_rate"), json.decimal("frame_rate"), seanet, transformer, quantizer));
    }

    private static MimiConfig.Seanet seanet(ConfigNode node) {
        node.only("channels", "1");
        node.only("causal", "true");
        node.only("n_residual_layers", "1");
        node.only("activation", "ELU");
        node.only("norm", "none");
        node.only("pad_mode", "constant");
        node.only("true_skip", "true");
        // The dilation of a single residual layer is base^0; outer blocks have no norm to disable.
        node.ignore("dilation_base", "disable_norm_outer_blocks");
        return node.checked(() -> new MimiConfig.Seanet(
                node.integer("dimension"),
                node.integer("n_filters"),
                node.integers("ratios"),
                node.integer("kernel_size"),
                node.integer("residual_kernel_size"),
                node.integer("last_kernel_size"),
                node.integer("compress")));
    }

    private static MimiConfig.Transformer transformer(ConfigNode node, int seanetDimension) {
        String dimension = Integer.toString(seanetDimension);
        node.only("causal", "true");
        node.only("conv_layout", "true");
        node.only("gating", "none");
        node.only("norm", "layer_norm");
        node.only("positional_embedding", "rope");
        node.only("input_dimension", dimension);
        node.only("output_dimensions", "[" + dimension + "]");
        // The initial scales of training; without this key the file would have no scales.
        node.decimal("layer_scale");
        return node.checked(() -> new MimiConfig.Transformer(
                node.integer("d_model"),
                node.integer("num_heads"),
                node.integer("num_layers"),
                node.integer("dim_feedforward"),
                node.integer("context"),
                node.decimal("max_period")));
    }

    private static MimiConfig.Quantizer quantizer(ConfigNode node, int seanetDimension) {
        String dimension = Integer.toString(seanetDimension);
        node.only("input_dimension", dimension);
        node.only("output_dimension", dimension);
        return node.checked(
                () -> new MimiConfig.Quantizer(node.integer("dimension"), node.integer("n_q"), node.integer("bins")));
    }
}

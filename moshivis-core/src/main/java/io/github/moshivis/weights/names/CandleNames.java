package io.github.moshivis.weights.names;

/**
 * Names of the released candle checkpoints, such as {@code kyutai/moshika-vis-candle-bf16}, and of the GGUF files of the same back
 * end. Speech-to-text models, which have no depth transformer, have these names in their PyTorch form too. Source: {@code kyuteye_rs}, {@code transformer.rs} and {@code lm.rs}.
 */
public final class CandleNames {
    private static final String CROSS = "transformer.layers.0.cross_attention.";

    private CandleNames() {}

    /**
     * The table with the projections of the cross-attention in one tensor, as safetensors files of this format are written.
     *
     * @param codebooks own codebooks of the model; a file may have weights for more
     * @return the table
     */
    public static TensorNames fused(int codebooks) {
        return common(codebooks)
                .rows("cross.query", CROSS + "in_proj_weight", "0", 1, 3)
                .rows("cross.keyValue", CROSS + "in_proj_weight", "1", 2, 3)
                .build();
    }

    /**
     * The table with the projections of the cross-attention in two tensors, as GGUF files have to be written.
     *
     * @param codebooks own codebooks of the model; a file may have weights for more
     * @return the table
     */
    public static TensorNames split(int codebooks) {
        return common(codebooks)
                .name("cross.query", CROSS + "in_proj_weight_q")
                .name("cross.keyValue", CROSS + "in_proj_weight_kv")
                .build();
    }

    private static TensorNames.Builder common(int codebooks) {
        String depth = "depformer.{s}.transformer.layers.{m}.";
        TensorNames.Builder table = SharedNames.temporal("", "emb.{i}.weight");
        SharedNames.attention(table, "");
        return SharedNames.sight(table, "")
                .name("cross.output", CROSS + "out_proj.weight")
                .name("pause.{h}", "extra_heads.{h}.weight")
                .name("depth.{s}.input", "depformer.{s}.linear_in.weight")
                .name("depth.{s}.embedding", "depformer.{s}.emb.weight")
                .name("depth.{s}.head", "depformer.{s}.linear_out.weight")
                .vector("depth.{s}.layers.{m}.attention.norm", depth + "norm1.alpha")
                .name("depth.{s}.layers.{m}.attention.input", depth + "self_attn.in_proj_weight")
                .name("depth.{s}.layers.{m}.attention.output", depth + "self_attn.out_proj.weight")
                .vector("depth.{s}.layers.{m}.feedForward.norm", depth + "norm2.alpha")
                .name("depth.{s}.layers.{m}.feedForward.input", depth + "gating.linear_in.weight")
                .name("depth.{s}.layers.{m}.feedForward.output", depth + "gating.linear_out.weight")
                .spare("depformer.{s}.", codebooks);
    }
}

package io.github.moshivis.weights.names;

/**
 * Names of the released MLX checkpoints, such as {@code kyutai/moshika-vis-mlx-bf16}. Where a tensor is quantized, its scales and
 * offsets have the same name with {@code scales} and {@code biases} in the place of {@code weight}. Source: {@code kyuteye_mlx},
 * {@code models/lm.py} and {@code scripts/convert_ckpt_utils.py}.
 */
public final class MlxNames {
    private MlxNames() {}

    /**
     * The table for a model.
     *
     * @param codebooks own codebooks of the model; a file may have weights for more
     * @return the table
     */
    public static TensorNames table(int codebooks) {
        String temporal = "transformer.layers.{l}.";
        String cross = "transformer.layers.0.cross_attention.mha.";
        String depth = "depformer.slices.{s}.transformer.layers.{m}.";
        return TensorNames.builder()
                .name("text.embedding", "text_emb.weight")
                .name("text.head", "text_linear.weight")
                .name("audio.embedding.{i}", "audio_embs.{i}.weight")
                .name("temporal.norm", "out_norm.weight")
                .name("temporal.layers.{l}.attention.norm", temporal + "norm1.weight")
                .name("temporal.layers.{l}.attention.input", temporal + "self_attn.in_proj.weight")
                .name("temporal.layers.{l}.attention.output", temporal + "self_attn.out_proj.weight")
                .name("temporal.layers.{l}.cross.norm", temporal + "norm_cross.weight")
                .name("temporal.layers.{l}.gate.input", temporal + "cross_attention.gate.alpha.layers.0.weight")
                .name("temporal.layers.{l}.gate.output", temporal + "cross_attention.gate.alpha.layers.2.weight")
                .name("temporal.layers.{l}.feedForward.norm", temporal + "norm2.weight")
                .name("temporal.layers.{l}.feedForward.input", temporal + "gating.linear_in.weight")
                .name("temporal.layers.{l}.feedForward.output", temporal + "gating.linear_out.weight")
                .name("cross.query", cross + "q_proj.weight")
                .name("cross.keyValue", cross + "kv_proj.weight")
                .name("cross.output", cross + "out_proj.weight")
                .name("pause.{h}", "extra_heads.{h}.weight")
                .name("depth.{s}.input", "depformer.slices.{s}.linear_in.weight")
                .name("depth.{s}.embedding", "depformer.slices.{s}.emb.weight")
                .name("depth.{s}.head", "depformer.slices.{s}.linear_out.weight")
                .name("depth.{s}.layers.{m}.attention.norm", depth + "norm1.weight")
                .name("depth.{s}.layers.{m}.attention.input", depth + "self_attn.in_proj.weight")
                .name("depth.{s}.layers.{m}.attention.output", depth + "self_attn.out_proj.weight")
                .name("depth.{s}.layers.{m}.feedForward.norm", depth + "norm2.weight")
                .name("depth.{s}.layers.{m}.feedForward.input", depth + "gating.linear_in.weight")
                .name("depth.{s}.layers.{m}.feedForward.output", depth + "gating.linear_out.weight")
                .name("image.projection.weight", "transformer.image_prefix.proj_xa.weight")
                .name("image.projection.bias", "transformer.image_prefix.proj_xa.bias")
                .name("image.norm", "transformer.image_prefix.norm_xa.weight")
                .prefix("image.encoder.", "img_embedder.model.")
                // The quantized files repeat layer 0's cross-attention, which all layers share.
                .spare("transformer.layers.{l}.cross_attention.mha.", 1)
                .spare("depformer.slices.{s}.", codebooks)
                .build();
    }
}

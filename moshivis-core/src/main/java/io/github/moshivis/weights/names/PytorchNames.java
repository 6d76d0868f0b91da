package io.github.moshivis.weights.names;

/**
 * Names of the released PyTorch checkpoints, such as {@code kyutai/moshika-vis-pytorch-bf16}. Source: {@code
 * kyuteye/models/moshivis.py}, {@code helium.py}.
 */
public final class PytorchNames {
    private PytorchNames() {}

    /**
     * The table for a model.
     *
     * @param codebooks own codebooks of the model, whose depth weights the file stacks
     * @return the table
     */
    public static TensorNames table(int codebooks) {
        String temporal = "llm.transformer.layers.{l}.";
        String cross = "llm.transformer.layers.0.cross_attention.mha.";
        String depth = "depformer.layers.{m}.";
        return TensorNames.builder()
                .name("text.embedding", "llm.text_emb.weight")
                .name("text.head", "llm.text_linear.weight")
                .name("audio.embedding.{i}", "audio_emb.{i}.weight")
                .vector("temporal.norm", "llm.out_norm.alpha")
                .vector("temporal.layers.{l}.attention.norm", temporal + "norm1.alpha")
                .name("temporal.layers.{l}.attention.input", temporal + "self_attn.in_proj_weight")
                .name("temporal.layers.{l}.attention.output", temporal + "self_attn.out_proj.weight")
                .vector("temporal.layers.{l}.cross.norm", temporal + "norm_cross.alpha")
                .name("temporal.layers.{l}.gate.input", temporal + "cross_attention.gate.alpha.0.weight")
                .name("temporal.layers.{l}.gate.output", temporal + "cross_attention.gate.alpha.2.weight")
                .vector("temporal.layers.{l}.feedForward.norm", temporal + "norm2.alpha")
                .name("temporal.layers.{l}.feedForward.input", temporal + "gating.linear_in.weight")
                .name("temporal.layers.{l}.feedForward.output", temporal + "gating.linear_out.weight")
                .rows("cross.query", cross + "in_proj_weight", "0", 1, 3)
                .rows("cross.keyValue", cross + "in_proj_weight", "1", 2, 3)
                .name("cross.output", cross + "out_proj.weight")
                .name("depth.{s}.input", "depformer_in.{s}.weight")
                .name("depth.0.embedding", "depformer_text_emb.weight")
                .name("depth.{s}.embedding", "depformer_emb.{s-1}.weight")
                .name("depth.{s}.head", "audio_linears.{s}.weight")
                .vector("depth.{s}.layers.{m}.attention.norm", depth + "norm1.alpha")
                .rows("depth.{s}.layers.{m}.attention.input", depth + "self_attn.in_proj_weight", "{s}", 1, codebooks)
                .rows("depth.{s}.layers.{m}.attention.output", depth + "self_attn.out_proj.weight", "{s}", 1, codebooks)
                .vector("depth.{s}.layers.{m}.feedForward.norm", depth + "norm2.alpha")
                .name("depth.{s}.layers.{m}.feedForward.input", depth + "gating.{s}.linear_in.weight")
                .name("depth.{s}.layers.{m}.feedForward.output", depth + "gating.{s}.linear_out.weight")
                .name("image.projection.weight", "image_prefix.proj_xa.weight")
                .name("image.projection.bias", "image_prefix.proj_xa.bias")
                .vector("image.norm", "image_prefix.norm_xa.alpha")
                .prefix("image.encoder.", "image_prefix.enc.model.")
                .build();
    }
}

package io.github.moshivis.weights.names;

/** Rules that several of the formats have in common, apart from the root of their names. */
final class SharedNames {
    private SharedNames() {}

    /** A table that begins with embeddings, text head, norms and feed-forward of the temporal transformer. */
    static TensorNames.Builder temporal(String root, String audioEmbedding) {
        String layer = root + "transformer.layers.{l}.";
        return TensorNames.builder()
                .name("text.embedding", root + "text_emb.weight")
                .name("text.head", root + "text_linear.weight")
                .name("audio.embedding.{i}", audioEmbedding)
                .vector("temporal.norm", root + "out_norm.alpha")
                .vector("temporal.layers.{l}.attention.norm", layer + "norm1.alpha")
                .vector("temporal.layers.{l}.feedForward.norm", layer + "norm2.alpha")
                .name("temporal.layers.{l}.feedForward.input", layer + "gating.linear_in.weight")
                .name("temporal.layers.{l}.feedForward.output", layer + "gating.linear_out.weight");
    }

    /** The temporal attention with queries, keys and values in one matrix. */
    static TensorNames.Builder attention(TensorNames.Builder table, String root) {
        String layer = root + "transformer.layers.{l}.self_attn.";
        return table.name("temporal.layers.{l}.attention.input", layer + "in_proj_weight")
                .name("temporal.layers.{l}.attention.output", layer + "out_proj.weight");
    }

    /** Norms and gates of the cross-attention, and the image side. */
    static TensorNames.Builder sight(TensorNames.Builder table, String root) {
        String layer = root + "transformer.layers.{l}.";
        return table.vector("temporal.layers.{l}.cross.norm", layer + "norm_cross.alpha")
                .name("temporal.layers.{l}.gate.input", layer + "cross_attention.gate.alpha.0.weight")
                .name("temporal.layers.{l}.gate.output", layer + "cross_attention.gate.alpha.2.weight")
                .name("image.projection.weight", "image_prefix.proj_xa.weight")
                .name("image.projection.bias", "image_prefix.proj_xa.bias")
                .vector("image.norm", "image_prefix.norm_xa.alpha")
                .prefix("image.encoder.", "image_prefix.enc.model.");
    }

    /** The depth transformer but for its attention's projections, with norms that all sub-steps share. */
    static TensorNames.Builder depth(TensorNames.Builder table, String head) {
        String layer = "depformer.layers.{m}.";
        return table.name("depth.{s}.input", "depformer_in.{s}.weight")
                .name("depth.0.embedding", "depformer_text_emb.weight")
                .name("depth.{s}.embedding", "depformer_emb.{s-1}.weight")
                .name("depth.{s}.head", head)
                .vector("depth.{s}.layers.{m}.attention.norm", layer + "norm1.alpha")
                .vector("depth.{s}.layers.{m}.feedForward.norm", layer + "norm2.alpha")
                .name("depth.{s}.layers.{m}.feedForward.input", layer + "gating.{s}.linear_in.weight")
                .name("depth.{s}.layers.{m}.feedForward.output", layer + "gating.{s}.linear_out.weight");
    }

    /** The depth attention with the projections of all sub-steps stacked in rows. */
    static TensorNames.Builder stackedDepthAttention(TensorNames.Builder table, int stacked) {
        String layer = "depformer.layers.{m}.self_attn.";
        return table.rows("depth.{s}.layers.{m}.attention.input", layer + "in_proj_weight", "{s}", 1, stacked)
                .rows("depth.{s}.layers.{m}.attention.output", layer + "out_proj.weight", "{s}", 1, stacked);
    }
}

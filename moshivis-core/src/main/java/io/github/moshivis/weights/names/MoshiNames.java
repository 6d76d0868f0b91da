package io.github.moshivis.weights.names;

/**
 * Names of plain Moshi's PyTorch checkpoints, such as {@code kyutai/moshika-pytorch-bf16}: a model that sees nothing. Source: {@code
 * moshi/models/lm.py} and {@code moshi/modules/transformer.py} of kyutai-labs/moshi, whose loader takes both forms of the
 * attention's projections.
 */
public final class MoshiNames {
    private MoshiNames() {}

    /**
     * The table with the attention of all depth sub-steps stacked in one tensor, as the released files are.
     *
     * @param codebooks own codebooks of the model; a file may have weights for more
     * @param stacked depth steps whose weights the file stacks, at least as many
     * @return the table
     */
    public static TensorNames stacked(int codebooks, int stacked) {
        TensorNames.Builder table = common(codebooks);
        SharedNames.attention(table, "");
        return SharedNames.stackedDepthAttention(table, stacked).build();
    }

    /**
     * The table with a tensor for each depth sub-step's attention, as newer versions of moshi save it.
     *
     * @param codebooks own codebooks of the model; a file may have weights for more
     * @return the table
     */
    public static TensorNames split(int codebooks) {
        String temporal = "transformer.layers.{l}.self_attn.";
        String depth = "depformer.layers.{m}.self_attn.";
        return common(codebooks)
                .name("temporal.layers.{l}.attention.input", temporal + "in_projs.0.weight")
                .name("temporal.layers.{l}.attention.output", temporal + "out_projs.0.weight")
                .name("depth.{s}.layers.{m}.attention.input", depth + "in_projs.{s}.weight")
                .name("depth.{s}.layers.{m}.attention.output", depth + "out_projs.{s}.weight")
                .spare(depth + "in_projs.{s}.", codebooks)
                .spare(depth + "out_projs.{s}.", codebooks)
                .build();
    }

    private static TensorNames.Builder common(int codebooks) {
        TensorNames.Builder table = SharedNames.temporal("", "emb.{i}.weight");
        return SharedNames.depth(table, "linears.{s}.weight")
                .spare("depformer_in.{s}.", codebooks)
                .spare("linears.{s}.", codebooks)
                .spare("depformer_emb.{s}.", codebooks - 1)
                .spare("depformer.layers.{m}.gating.{s}.", codebooks);
    }
}

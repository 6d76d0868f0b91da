package io.github.moshivis.weights.names;

/**
 * Names of the released PyTorch checkpoints, such as {@code kyutai/moshika-vis-pytorch-bf16}. Source: {@code
 * kyuteye/models/moshivis.py}, {@code helium.py}.
 */
public final class PytorchNames {
    private static final String ROOT = "llm.";
    private static final String CROSS = ROOT + "transformer.layers.0.cross_attention.mha.";

    private PytorchNames() {}

    /**
     * The table for a model.
     *
     * @param codebooks own codebooks of the model, whose depth weights the file stacks
     * @return the table
     */
    public static TensorNames table(int codebooks) {
        TensorNames.Builder table = SharedNames.temporal(ROOT, "audio_emb.{i}.weight");
        SharedNames.attention(table, ROOT);
        SharedNames.depth(table, "audio_linears.{s}.weight");
        SharedNames.stackedDepthAttention(table, codebooks);
        return sight(table).build();
    }

    /**
     * The part of the table that an adapter of the part that sees may have.
     *
     * @return the names of cross-attention, gates and image side
     */
    public static TensorNames sight() {
        return sight(TensorNames.builder()).build();
    }

    private static TensorNames.Builder sight(TensorNames.Builder table) {
        return SharedNames.sight(table, ROOT)
                .rows("cross.query", CROSS + "in_proj_weight", "0", 1, 3)
                .rows("cross.keyValue", CROSS + "in_proj_weight", "1", 2, 3)
                .name("cross.output", CROSS + "out_proj.weight");
    }
}

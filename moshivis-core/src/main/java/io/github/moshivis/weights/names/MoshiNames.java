package io.github.moshivis.weights.names;

import io.github.moshivis.layout.MoshiSizes;
import io.github.moshivis.weights.file.Shape;
import io.github.moshivis.weights.file.StoredTensor;
import io.github.moshivis.weights.file.TensorFile;
import java.util.function.IntFunction;

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

    /**
     * The sizes that a file's tensors state, for a model without a configuration.
     *
     * @param file a file under these names
     * @return the sizes; not checked
     * @throws IllegalArgumentException if a tensor that states one is missing, or is no matrix
     */
    public static MoshiSizes sizes(TensorFile file) {
        Shape text = matrix(file, "text_emb.weight"); // [card + 1, D]
        Shape feedForward = matrix(file, layer(0)); // [D, H]
        Shape depthFeedForward = matrix(file, depthLayer(0)); // [D, H] of the depth transformer
        return new MoshiSizes(
                size(text, 1),
                count(file, MoshiNames::layer),
                size(feedForward, 1),
                size(text, 0) - 1,
                size(matrix(file, stream(0)), 0) - 1,
                count(file, MoshiNames::stream),
                CheckpointFormat.depthSteps(file.tensors().keySet()),
                size(depthFeedForward, 0),
                count(file, MoshiNames::depthLayer),
                size(depthFeedForward, 1));
    }

    private static String stream(int stream) {
        return "emb." + stream + ".weight";
    }

    private static String layer(int layer) {
        return "transformer.layers." + layer + ".gating.linear_out.weight";
    }

    private static String depthLayer(int layer) {
        return "depformer.layers." + layer + ".gating.0.linear_out.weight";
    }

    private static int count(TensorFile file, IntFunction<String> name) {
        int count = 0;
        while (file.tensors().containsKey(name.apply(count))) {
            count++;
        }
        return count;
    }

    private static Shape matrix(TensorFile file, String name) {
        StoredTensor tensor = file.tensors().get(name);
        if (tensor == null || tensor.shape().rank() != 2) {
            throw new IllegalArgumentException("found " + (tensor == null ? "no" : tensor.shape() + " for") + " " + name
                    + ", expected a matrix. Take a complete file.");
        }
        return tensor.shape();
    }

    /** A size that no model has stays one when it does not fit an int. */
    private static int size(Shape shape, int dimension) {
        return (int) Math.min(shape.dimension(dimension), Integer.MAX_VALUE);
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

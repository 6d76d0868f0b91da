package io.github.moshivis.train.model;

import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.VisionConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The image encoder, differentiable: pixels to tokens, and to the features that the language model attends to. Immutable; the tensors
 * belong to its {@link Parameters}.
 *
 * <p>Letters: P pixels a side of a patch, G patches a side of the trained size, N tokens, C width, D width of the features.
 */
public final class SiglipSequence {
    private final Parameter patches;
    private final Parameter patchBias;
    private final Parameter positions;
    private final int grid;
    private final List<Layer> layers;
    private final CenteredNorm norm;
    private final Projection projection;
    private final RootNorm imageNorm;

    /**
     * Builds the encoder over parameters.
     *
     * @param parameters of the language model's file
     * @param config the sizes of a model that sees images
     * @param norm the norm after the projection
     * @throws io.github.moshivis.errors.CheckpointException if a tensor is missing or has another shape
     */
    public SiglipSequence(Parameters parameters, ModelConfig config, RmsNorm.Spec norm) {
        VisionConfig vision = config.vision();
        long dim = config.lm().imageDim().orElseThrow();
        Layers image = new Layers(parameters, null, "image.");
        Layers encoder = image.at("encoder");
        Layers embeddings = encoder.at("embeddings");
        this.patches = embeddings.tensor(
                "patch_embedding.weight", vision.hidden(), vision.channels(), vision.patchSize(), vision.patchSize());
        this.patchBias = embeddings.tensor("patch_embedding.bias", vision.hidden());
        this.positions = embeddings.tensor("position_embedding.weight", vision.positions(), vision.hidden());
        this.grid = vision.grid();
        this.layers = new ArrayList<>();
        for (int i = 0; i < vision.layers(); i++) {
            layers.add(Layer.of(encoder.at("encoder").at("layers").at(i), vision));
        }
        this.norm = encoder.centeredNorm("post_layernorm", vision.hidden(), vision.normEpsilon());
        this.projection = config.projectsImages() ? image.biased("projection", dim, vision.hidden()) : null;
        this.imageNorm = image.rootNorm("norm", dim, norm);
    }

    /** A layer: every token attends to every token, then passes a feed-forward network. */
    private record Layer(
            CenteredNorm attentionNorm,
            Projection query,
            Projection key,
            Projection value,
            Projection output,
            int heads,
            CenteredNorm feedForwardNorm,
            Projection inner,
            Projection outer) {
        static Layer of(Layers part, VisionConfig config) {
            long width = config.hidden();
            Layers attention = part.at("self_attn");
            return new Layer(
                    part.centeredNorm("layer_norm1", width, config.normEpsilon()),
                    attention.biased("q_proj", width, width),
                    attention.biased("k_proj", width, width),
                    attention.biased("v_proj", width, width),
                    attention.biased("out_proj", width, width),
                    config.heads(),
                    part.centeredNorm("layer_norm2", width, config.normEpsilon()),
                    part.biased("mlp.fc1", config.intermediate(), width),
                    part.biased("mlp.fc2", width, config.intermediate()));
        }

        Tensor forward(Tensor x) {
            Tensor normed = attentionNorm.forward(x);
            Tensor seen = Ops.attention(
                    split(query.forward(normed)), split(key.forward(normed)), split(value.forward(normed)), null);
            Tensor attended =
                    x.add(output.forward(seen.transpose(1, 2).reshape(x.shape()))); // [B, H, N, C/H] -> [B, N, C]
            return attended.add(outer.forward(Ops.geluTanh(inner.forward(feedForwardNorm.forward(attended)))));
        }

        private Tensor split(Tensor x) {
            return x.view(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2); // -> [B, H, N, C/H]
        }
    }

    /**
     * Encodes pictures of one size; pixels that fill no patch, at the right and the bottom, are dropped.
     *
     * @param pixels normalized, [B, 3, height, width]
     * @return tokens after the last norm, [B, N, C], row by row
     */
    public Tensor tokens(Tensor pixels) {
        long side = patches.shape().dimension(2);
        long rows = pixels.size(2) / side;
        long columns = pixels.size(3) / side;
        long values = pixels.size(1) * side * side;
        Tensor cut = pixels.narrow(2, 0, rows * side)
                .narrow(3, 0, columns * side)
                .reshape(pixels.size(0), pixels.size(1), rows, side, columns, side)
                .permute(0, 2, 4, 1, 3, 5) // -> [B, rows, columns, 3, P, P]
                .reshape(pixels.size(0), rows * columns, values); // -> [B, N, 3PP]
        Tensor x = Ops.linear(
                        cut,
                        patches.value().view(-1, values).to(cut.dtype()),
                        patchBias.value().to(cut.dtype()))
                .add(positions(rows, columns)); // -> [B, N, C]
        for (Layer layer : layers) {
            x = layer.forward(x);
        }
        return norm.forward(x);
    }

    /** The embeddings of a grid of positions, [1, N, C]: those that were trained, or resampled. */
    private Tensor positions(long rows, long columns) {
        Tensor trained = positions.value().to(DType.F32);
        if (rows == grid && columns == grid) {
            return trained.unsqueeze(0);
        }
        long width = trained.size(1);
        return Ops.resizeBicubic(trained.view(1, grid, grid, width).permute(0, 3, 1, 2), rows, columns)
                .permute(0, 2, 3, 1) // [1, C, rows, columns] -> [1, rows, columns, C]
                .reshape(1, rows * columns, width);
    }

    /** Features that the language model attends to: tokens [B, N, C] -> [B, N, D]. */
    public Tensor features(Tensor tokens) {
        return imageNorm.forward(projection == null ? tokens : projection.forward(tokens));
    }
}

package io.github.moshivis.train.model;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The language model over whole dialogues, fed with given tokens: equal to the streaming steps that are fed with the same. Immutable;
 * the tensors belong to its {@link Parameters}.
 */
public final class LanguageSequence {
    private final LmConfig config;
    private final DType dtype;
    private final List<Table> tables;
    private final Backbone backbone;
    private final Projection textHead;
    private final DepthNetwork depth;

    /**
     * Builds the model over parameters.
     *
     * @param parameters of the language model
     * @param adapter a low-rank adapter that is added to matrix products; null for none
     * @param config the sizes
     * @param depthNorm the norm of the depth transformer
     * @param dtype the type to compute in: F32, or BF16 with parameters and norms in float32
     * @throws io.github.moshivis.errors.CheckpointException if a tensor is missing or has another shape
     */
    public LanguageSequence(
            Parameters parameters, AdapterParameters adapter, LmConfig config, RmsNorm.Spec depthNorm, DType dtype) {
        Layers root = new Layers(parameters, adapter, "");
        this.config = config;
        this.dtype = dtype;
        this.tables = new ArrayList<>();
        tables.add(new Table(root.tensor("text.embedding", config.textCard() + 1, config.dim())));
        for (int k = 0; k < config.audioStreams(); k++) {
            tables.add(new Table(root.tensor("audio.embedding." + k, config.audioCard() + 1, config.dim())));
        }
        this.backbone = Backbone.of(root, config);
        this.textHead = root.matrix("text.head", config.textCard(), config.dim());
        this.depth = DepthNetwork.of(root, config, depthNorm);
    }

    /**
     * The sizes.
     *
     * @return the sizes
     */
    public LmConfig config() {
        return config;
    }

    /**
     * The temporal part of a pass.
     *
     * @param hidden after the output norm, [B, T, D]
     * @param layers the residual stream after each layer, [B, T, D]
     * @param gates the mean gate of each layer, F32 [B, T]; empty if no row sees a picture
     */
    public record Temporal(Tensor hidden, List<Tensor> layers, List<Tensor> gates) {}

    /**
     * Runs the temporal transformer.
     *
     * @param input tokens of all streams, I64 [B, S, T]; -1 for none
     * @param pictures what the rows see; null for nothing
     * @param recomputation of this step
     * @return hidden states
     */
    public Temporal temporal(Tensor input, Pictures pictures, Recomputation recomputation) {
        long rows = input.size(0);
        long steps = input.size(2);
        Tensor sum = null;
        for (int k = 0; k < tables.size(); k++) {
            Tensor vectors = tables.get(k).forward(input.select(1, k).reshape(rows * steps), dtype); // [B T, D]
            sum = sum == null ? vectors : sum.add(vectors);
        }
        Pictures seen = pictures == null ? null : pictures.to(dtype);
        Backbone.Output output = backbone.forward(sum.view(rows, steps, config.dim()), seen, recomputation);
        return new Temporal(output.hidden(), output.layers(), output.gates());
    }

    /** Logits of the text stream: [.., D] -> F32 [.., text entries]. */
    public Tensor textLogits(Tensor hidden) {
        return textHead.forward(hidden).to(DType.F32);
    }

    /**
     * Logits of the codebooks.
     *
     * @param hidden of some positions, [n, D]
     * @param tokens text token and codes of these positions, I64 [n, 1 + K]; -1 for none
     * @param recomputation of this step
     * @return for each codebook F32 [n, entries]
     */
    public List<Tensor> audioLogits(Tensor hidden, Tensor tokens, Recomputation recomputation) {
        return depth.forward(hidden, tokens, recomputation).stream()
                .map(logits -> logits.to(DType.F32))
                .toList();
    }
}

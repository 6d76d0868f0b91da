package io.github.moshivis.lm;

import io.github.moshivis.layout.DepthConfig;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.nn.Embedding;
import io.github.moshivis.nn.GatedFeedForward;
import io.github.moshivis.nn.Linear;
import io.github.moshivis.nn.RmsNorm;
import io.github.moshivis.nn.RotaryEmbedding;
import io.github.moshivis.nn.SelfAttention;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.weights.TensorRole;
import io.github.moshivis.weights.WeightReader;
import io.github.moshivis.weights.quant.MatrixForm;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the language model from weights under our names, which this class defines.
 *
 * <p>It also decides which matrices take few bits. The keys and values of a picture are computed once, for many tokens at a time, and
 * stay dense. Where 4 bits are asked for, only the temporal transformer's attention, cross-attention and feed-forward get them: everything else is a
 * small part of what a step reads, and in 8 bits several times as exact.
 */
public final class LanguageModelLoader {
    private final WeightReader weights;
    private final WeightReader finer;
    private final LmConfig config;
    private final RmsNorm.Spec depthNorm;
    private final int depthSteps;
    private final int dim;

    private LanguageModelLoader(WeightReader weights, LmConfig config, RmsNorm.Spec depthNorm, int depthSteps) {
        this.weights = weights;
        this.finer = weights.in(weights.form().finer(weights.device()));
        this.config = config;
        this.depthNorm = depthNorm;
        this.depthSteps = depthSteps;
        this.dim = config.dim();
    }

    /**
     * Builds the model. Tensors that are missing or wrong are reported by {@code Weights.verify}, which the caller calls last.
     *
     * @param weights read as the type to compute in
     * @param config the sizes
     * @param depthNorm the norm of the depth transformer
     * @return the model, over tensors that the weights own
     */
    public static LanguageModel load(WeightReader weights, LmConfig config, RmsNorm.Spec depthNorm) {
        return load(weights, config, depthNorm, config.modelCodebooks());
    }

    /**
     * Builds the model with a number of depth steps.
     *
     * @param weights read as the type to compute in
     * @param config the sizes
     * @param depthNorm the norm of the depth transformer
     * @param depthSteps the model's codebooks, or with PersonaPlex's weights all audio streams
     * @return the model, over tensors that the weights own
     */
    public static LanguageModel load(WeightReader weights, LmConfig config, RmsNorm.Spec depthNorm, int depthSteps) {
        return new LanguageModelLoader(weights, config, depthNorm, depthSteps).load();
    }

    private LanguageModel load() {
        List<Embedding> audio = new ArrayList<>();
        for (int k = 0; k < config.audioStreams(); k++) {
            audio.add(new Embedding(weights.use(TensorRole.AUDIO_EMBEDDING)
                    .tensor("audio.embedding." + k, config.audioCard() + 1, dim)));
        }
        CrossAttention cross = config.seesImages() ? crossAttention(weights.at("cross")) : null;
        return new LanguageModel(
                config,
                new Embedding(
                        weights.use(TensorRole.TEXT_EMBEDDING).tensor("text.embedding", config.textCard() + 1, dim)),
                audio,
                temporal(cross),
                cross,
                finer.use(TensorRole.TEXT_HEAD).linear("text.head", config.textCard(), dim),
                pauseHeads(),
                config.depth() == null ? null : depth(),
                weights.dtype(),
                weights.device());
    }

    /** A few rows each, kept as they are. */
    private List<Linear> pauseHeads() {
        List<Linear> heads = new ArrayList<>();
        for (int h = 0; config.isSpeechToText() && h < config.stt().pauseHeads(); h++) {
            heads.add(weights.use(TensorRole.PAUSE_HEAD)
                    .in(MatrixForm.DENSE)
                    .at("pause")
                    .linear(Integer.toString(h), config.stt().pauseClasses(), dim));
        }
        return heads;
    }

    /** One cross-attention for all layers. */
    private CrossAttention crossAttention(WeightReader part) {
        WeightReader shared = part.use(TensorRole.VISION_ADAPTER, config.layers());
        return new CrossAttention(
                shared.linear("query", dim, dim),
                part.use(TensorRole.VISION_ADAPTER, 0)
                        .in(MatrixForm.DENSE)
                        .linear("keyValue", 2L * dim, config.imageDim().getAsInt()),
                shared.linear("output", dim, dim),
                config.heads());
    }

    private TemporalTransformer temporal(CrossAttention cross) {
        List<TemporalLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            WeightReader part =
                    weights.use(TensorRole.TEMPORAL).at("temporal").at("layers").at(i);
            WeightReader adapter = part.use(TensorRole.VISION_ADAPTER);
            layers.add(new TemporalLayer(
                    norm(part, "attention.norm", dim, RmsNorm.Spec.MEAN_OF_SQUARES),
                    new SelfAttention(
                            part.linear("attention.input", 3L * dim, dim),
                            part.linear("attention.output", dim, dim),
                            config.heads()),
                    cross == null ? null : norm(adapter, "cross.norm", dim, RmsNorm.Spec.MEAN_OF_SQUARES),
                    cross,
                    cross == null ? null : gate(adapter.in(finer.form())),
                    norm(part, "feedForward.norm", dim, RmsNorm.Spec.MEAN_OF_SQUARES),
                    feedForward(part, dim, config.hidden())));
        }
        return new TemporalTransformer(
                layers,
                norm(weights.use(TensorRole.TEMPORAL), "temporal.norm", dim, RmsNorm.Spec.MEAN_OF_SQUARES),
                new RotaryEmbedding(config.headDim(), config.maxPeriod()));
    }

    private ImageGate gate(WeightReader part) {
        return new ImageGate(
                part.linear("gate.input", config.gateHidden(), dim),
                part.linear("gate.output", dim, config.gateHidden()));
    }

    private DepthTransformer depth() {
        DepthConfig depth = config.depth();
        List<DepthTransformer.Slice> slices = new ArrayList<>();
        for (int s = 0; s < depthSteps; s++) {
            WeightReader part = finer.use(TensorRole.DEPTH).at("depth").at(s);
            List<DepthTransformer.Layer> layers = new ArrayList<>();
            for (int m = 0; m < depth.layers(); m++) {
                layers.add(depthLayer(part.at("layers").at(m), depth));
            }
            int entries = 1 + (s == 0 ? config.textCard() : config.audioCard());
            TensorRole input = s == 0 ? TensorRole.DEPTH_TEXT_EMBEDDING : TensorRole.DEPTH_AUDIO_EMBEDDING;
            slices.add(new DepthTransformer.Slice(
                    part.linear("input", depth.dim(), dim),
                    new Embedding(part.use(input).tensor("embedding", entries, depth.dim())),
                    layers,
                    part.use(TensorRole.AUDIO_HEAD).linear("head", config.audioCard(), depth.dim())));
        }
        return new DepthTransformer(slices, depth.heads());
    }

    private DepthTransformer.Layer depthLayer(WeightReader part, DepthConfig depth) {
        return new DepthTransformer.Layer(
                norm(part, "attention.norm", depth.dim(), depthNorm),
                part.linear("attention.input", 3L * depth.dim(), depth.dim()),
                part.linear("attention.output", depth.dim(), depth.dim()),
                norm(part, "feedForward.norm", depth.dim(), depthNorm),
                feedForward(part, depth.dim(), depth.hidden()));
    }

    private static RmsNorm norm(WeightReader part, String name, long dim, RmsNorm.Spec spec) {
        WeightReader reader = spec.inFloat32() ? part.as(DType.F32) : part;
        return new RmsNorm(reader.tensor(name, dim), spec);
    }

    private static GatedFeedForward feedForward(WeightReader part, long dim, long hidden) {
        return new GatedFeedForward(
                part.linear("feedForward.input", 2 * hidden, dim), part.linear("feedForward.output", dim, hidden));
    }
}

package io.github.moshivis.audio.mimi;

import io.github.moshivis.audio.mimi.CodecTransformer.Layer;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.nn.CausalConvolution;
import io.github.moshivis.nn.LayerNorm;
import io.github.moshivis.nn.RotaryEmbedding;
import io.github.moshivis.nn.SelfAttention;
import io.github.moshivis.plugin.tensor.SpeechCodec;
import io.github.moshivis.weights.TensorRole;
import io.github.moshivis.weights.WeightReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds Mimi from weights under the names of the released file. Kernels and codebooks are packed for products once, here; the weights also
 * own the results.
 */
final class MimiLoader {
    private static final double NORM_EPSILON = 1e-5; // nn.LayerNorm's own, in moshi/modules/transformer.py

    private final WeightReader encoding;
    /** Null if the decoder is left out. */
    private final WeightReader decoding;

    private final MimiConfig config;
    private final MimiConfig.Seanet seanet;
    private final int dim;
    private final QuantizerLoader quantizer;

    MimiLoader(WeightReader weights, SpeechCodec.Forms forms, MimiConfig config, int codebooks) {
        this.encoding = weights.use(TensorRole.ENCODER).in(forms.encoder());
        this.decoding = forms.decodes() ? weights.use(TensorRole.DECODER).in(forms.decoder()) : null;
        this.config = config;
        this.seanet = config.seanet();
        this.dim = seanet.dimension();
        this.quantizer = new QuantizerLoader(encoding.at("quantizer"), config, codebooks, forms.decodes());
    }

    Mimi load() {
        int stride = config.stepsPerFrame();
        ConvolutionLoader down = new ConvolutionLoader(encoding.at("downsample.conv.conv.conv"));
        MimiEncoder encoder = new MimiEncoder(
                seanetEncoder(encoding.at("encoder.model")),
                transformer(encoding.at("encoder_transformer.transformer.layers")),
                down.withoutBias(dim, dim, 2 * stride, stride));
        return new Mimi(
                config, encoder, quantizer.load(), decoding == null ? null : decoder(stride), encoding.device());
    }

    private MimiDecoder decoder(int stride) {
        ConvolutionLoader up = new ConvolutionLoader(decoding.at("upsample.convtr.convtr.convtr"));
        return new MimiDecoder(
                up.depthwise(dim, stride),
                transformer(decoding.at("decoder_transformer.transformer.layers")),
                seanetDecoder(decoding.at("decoder.model")));
    }

    /** The reference's list of modules: a convolution; for each ratio a block, an ELU, a convolution; an ELU, a convolution. */
    private SeanetEncoder seanetEncoder(WeightReader model) {
        int channels = seanet.filters();
        CausalConvolution first = convolution(model.at(0)).plain(1, channels, seanet.kernel(), 1);
        List<SeanetEncoder.Stage> stages = new ArrayList<>();
        int module = 1;
        for (int i = seanet.ratios().size() - 1; i >= 0; i--) {
            int ratio = seanet.ratios().get(i);
            stages.add(new SeanetEncoder.Stage(
                    residualBlock(model.at(module), channels),
                    convolution(model.at(module + 2)).plain(channels, 2 * channels, 2 * ratio, ratio)));
            channels *= 2;
            module += 3;
        }
        CausalConvolution last = convolution(model.at(module + 1)).plain(channels, dim, seanet.lastKernel(), 1);
        return new SeanetEncoder(first, stages, last);
    }

    /** The reference's list of modules: a convolution; for each ratio an ELU, a convolution, a block; an ELU, a convolution. */
    private SeanetDecoder seanetDecoder(WeightReader model) {
        int channels = seanet.filters() << seanet.ratios().size();
        CausalConvolution first = convolution(model.at(0)).plain(dim, channels, seanet.kernel(), 1);
        List<SeanetDecoder.Stage> stages = new ArrayList<>();
        int module = 1;
        for (int ratio : seanet.ratios()) {
            ConvolutionLoader resampling =
                    new ConvolutionLoader(model.at(module + 1).at("convtr.convtr"));
            stages.add(new SeanetDecoder.Stage(
                    resampling.transposed(channels, channels / 2, ratio),
                    residualBlock(model.at(module + 2), channels / 2)));
            channels /= 2;
            module += 3;
        }
        CausalConvolution last = convolution(model.at(module + 1)).plain(channels, 1, seanet.lastKernel(), 1);
        return new SeanetDecoder(first, stages, last);
    }

    private ResidualBlock residualBlock(WeightReader module, int channels) {
        int inside = channels / seanet.compress();
        WeightReader block = module.at("block");
        return new ResidualBlock(
                convolution(block.at(1)).plain(channels, inside, seanet.residualKernel(), 1),
                convolution(block.at(3)).pointwise(inside, channels));
    }

    private static ConvolutionLoader convolution(WeightReader module) {
        return new ConvolutionLoader(module.at("conv.conv"));
    }

    private CodecTransformer transformer(WeightReader part) {
        MimiConfig.Transformer sizes = config.transformer();
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < sizes.layers(); i++) {
            WeightReader layer = part.at(i);
            layers.add(new Layer(
                    norm(layer.at("norm1")),
                    new SelfAttention(
                            layer.linear("self_attn.in_proj_weight", 3L * dim, dim),
                            layer.linear("self_attn.out_proj.weight", dim, dim),
                            sizes.heads()),
                    layer.tensor("layer_scale_1.scale", dim),
                    norm(layer.at("norm2")),
                    layer.linear("linear1.weight", sizes.feedForward(), dim),
                    layer.linear("linear2.weight", dim, sizes.feedForward()),
                    layer.tensor("layer_scale_2.scale", dim)));
        }
        return new CodecTransformer(layers, new RotaryEmbedding(sizes.headDim(), sizes.maxPeriod()), sizes);
    }

    private LayerNorm norm(WeightReader part) {
        return new LayerNorm(part.tensor("weight", dim), part.tensor("bias", dim), NORM_EPSILON);
    }
}

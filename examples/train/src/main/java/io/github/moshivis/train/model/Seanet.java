package io.github.moshivis.train.model;

import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The convolutional encoder or decoder of Mimi over whole sequences: the reference's list of modules, one after the other. Channels come
 * before time.
 *
 * @param modules in their order
 */
record Seanet(List<UnaryOperator<Tensor>> modules) {
    /** A convolution; for each ratio a block, an ELU, a convolution; an ELU, a convolution. */
    static Seanet encoder(Layers model, MimiConfig.Seanet sizes) {
        List<UnaryOperator<Tensor>> modules = new ArrayList<>();
        int channels = sizes.filters();
        modules.add(convolution(model.at(0), 1, channels, sizes.kernel(), 1)::forward);
        for (int i = sizes.ratios().size() - 1; i >= 0; i--) {
            int ratio = sizes.ratios().get(i);
            modules.add(block(model.at(modules.size()), channels, sizes));
            modules.add(SequenceOps::elu);
            modules.add(convolution(model.at(modules.size()), channels, 2 * channels, 2 * ratio, ratio)::forward);
            channels *= 2;
        }
        modules.add(SequenceOps::elu);
        modules.add(convolution(model.at(modules.size()), channels, sizes.dimension(), sizes.lastKernel(), 1)::forward);
        return new Seanet(List.copyOf(modules));
    }

    /** A convolution; for each ratio an ELU, a convolution, a block; an ELU, a convolution. */
    static Seanet decoder(Layers model, MimiConfig.Seanet sizes) {
        List<UnaryOperator<Tensor>> modules = new ArrayList<>();
        int channels = sizes.filters() << sizes.ratios().size();
        modules.add(convolution(model.at(0), sizes.dimension(), channels, sizes.kernel(), 1)::forward);
        for (int ratio : sizes.ratios()) {
            modules.add(SequenceOps::elu);
            Layers resampling = model.at(modules.size()).at("convtr.convtr");
            modules.add(new Upsampling(
                    resampling.tensor("weight", channels, channels / 2, 2L * ratio),
                    resampling.tensor("bias", channels / 2),
                    ratio,
                    1)::forward);
            channels /= 2;
            modules.add(block(model.at(modules.size()), channels, sizes));
        }
        modules.add(SequenceOps::elu);
        modules.add(convolution(model.at(modules.size()), channels, 1, sizes.lastKernel(), 1)::forward);
        return new Seanet(List.copyOf(modules));
    }

    private static Convolution convolution(Layers module, int in, int out, int kernel, int stride) {
        Layers part = module.at("conv.conv");
        return new Convolution(part.tensor("weight", out, in, kernel), part.tensor("bias", out), stride);
    }

    /** x + W elu(conv(elu(x))), narrower inside. */
    private static UnaryOperator<Tensor> block(Layers module, int channels, MimiConfig.Seanet sizes) {
        int inside = channels / sizes.compress();
        Convolution inner = convolution(module.at("block.1"), channels, inside, sizes.residualKernel(), 1);
        Convolution outer = convolution(module.at("block.3"), inside, channels, 1, 1);
        return x -> x.add(outer.forward(SequenceOps.elu(inner.forward(SequenceOps.elu(x)))));
    }

    Tensor forward(Tensor x) {
        Tensor hidden = x;
        for (UnaryOperator<Tensor> module : modules) {
            hidden = module.apply(hidden);
        }
        return hidden;
    }
}

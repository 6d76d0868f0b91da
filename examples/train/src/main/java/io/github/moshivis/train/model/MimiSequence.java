package io.github.moshivis.train.model;

import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Scope;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Mimi over whole sequences: samples to codes and back in one call, as the reference trains it. Immutable but for the codebooks; the
 * tensors belong to its {@link Parameters}, which have the names of the released file.
 */
public final class MimiSequence {
    private static final int SEMANTIC = 1;

    /** Calls of {@link #followCodebooks} after each of which rarely used codes are replaced. */
    private static final int REPLACE_EVERY = 5;

    private final Seanet encoder;
    private final CodecNetwork encoderNetwork;
    private final Convolution down;
    private final QuantizerSequence semantic;
    private final QuantizerSequence acoustic;
    private final Upsampling up;
    private final CodecNetwork decoderNetwork;
    private final Seanet decoder;
    private int followed;

    /**
     * Builds the codec over parameters.
     *
     * @param parameters read under the names of the file
     * @param config the sizes
     * @param codebooks how many are used, at least 2
     * @throws io.github.moshivis.errors.CheckpointException if a tensor is missing or has another shape
     */
    public MimiSequence(Parameters parameters, MimiConfig config, int codebooks) {
        Layers root = new Layers(parameters, null, "");
        int dim = config.seanet().dimension();
        int stride = config.stepsPerFrame();
        this.encoder = Seanet.encoder(root.at("encoder.model"), config.seanet());
        this.encoderNetwork = CodecNetwork.of(root.at("encoder_transformer.transformer.layers"), config.transformer());
        this.down =
                new Convolution(root.tensor("downsample.conv.conv.conv.weight", dim, dim, 2L * stride), null, stride);
        int width = config.quantizer().dimension();
        int bins = config.quantizer().bins();
        this.semantic = QuantizerSequence.of(root.at("quantizer.rvq_first"), SEMANTIC, dim, width, bins);
        this.acoustic = QuantizerSequence.of(root.at("quantizer.rvq_rest"), codebooks - SEMANTIC, dim, width, bins);
        this.up = new Upsampling(
                root.tensor("upsample.convtr.convtr.convtr.weight", dim, 1, 2L * stride), null, stride, dim);
        this.decoderNetwork = CodecNetwork.of(root.at("decoder_transformer.transformer.layers"), config.transformer());
        this.decoder = Seanet.decoder(root.at("decoder.model"), config.seanet());
    }

    /** Our names of the tensors that have gradients: all but the codebooks. */
    public static boolean isTrained(String name) {
        return !name.contains("._codebook.");
    }

    /**
     * A quantized latent.
     *
     * @param quantized what is decoded, [B, D, frames]
     * @param semantic the part of it that the first codebook gives, [B, D, frames]
     * @param codes I64 [B, K, frames]
     * @param commitmentFirst distance of the latent from its semantic code, []
     * @param commitmentRest mean distance over the acoustic codebooks, []
     * @param commitment their mean over all codebooks, []
     */
    public record Quantized(
            Tensor quantized,
            Tensor semantic,
            Tensor codes,
            Tensor commitmentFirst,
            Tensor commitmentRest,
            Tensor commitment) {}

    /** Samples [B, 1, whole frames] -> latent [B, D, frames]. */
    public Tensor encode(Tensor samples) {
        return down.forwardAfterFirstStep(encoderNetwork.forward(encoder.forward(samples)));
    }

    /** Quantizes a latent [B, D, frames]. */
    public Quantized quantize(Tensor latent) {
        return quantized(latent, semantic.forward(latent), acoustic.forward(latent));
    }

    /**
     * Quantizes a latent, then moves the codebooks towards it, and in every fifth call replaces codes that are rarely used.
     *
     * @param latent [B, D, frames]
     * @param random chooses what takes the place of such codes
     * @return what the codebooks gave before they moved
     */
    public Quantized followCodebooks(Tensor latent, RandomGenerator random) {
        QuantizerSequence.Output first = semantic.forward(latent);
        QuantizerSequence.Output rest = acoustic.forward(latent);
        followed++;
        Autograd.withoutGradient(() -> {
            follow(semantic, first, random);
            follow(acoustic, rest, random);
            return followed;
        });
        return quantized(latent, first, rest);
    }

    private void follow(QuantizerSequence branch, QuantizerSequence.Output output, RandomGenerator random) {
        for (int i = 0; i < branch.codebooks().size(); i++) {
            try (Scope scope = Scope.open()) {
                CodebookSequence codebook = branch.codebooks().get(i);
                if (followed % REPLACE_EVERY == 0) {
                    codebook.replaceExpired(output.residuals().get(i), random);
                }
                codebook.follow(output.residuals().get(i), output.codes().get(i));
            }
        }
    }

    private static Quantized quantized(Tensor latent, QuantizerSequence.Output first, QuantizerSequence.Output rest) {
        List<Tensor> codes = new ArrayList<>(first.codes());
        codes.addAll(rest.codes());
        Tensor all = Ops.stack(0, codes.toArray(Tensor[]::new))
                .view(codes.size(), latent.size(0), latent.size(2)) // [K, B T] -> [K, B, T]
                .transpose(0, 1); // -> [B, K, T]
        Tensor commitmentFirst = mean(first.commitment());
        Tensor commitmentRest = mean(rest.commitment());
        double share = (double) first.commitment().size() / codes.size();
        return new Quantized(
                first.quantized().add(rest.quantized()),
                first.quantized(),
                all,
                commitmentFirst,
                commitmentRest,
                commitmentFirst.mul(share).add(commitmentRest.mul(1 - share)));
    }

    private static Tensor mean(List<Tensor> losses) {
        return SequenceOps.mean(Ops.stack(0, losses.toArray(Tensor[]::new)));
    }

    /** For each code of each codebook in use, by their order, whether it is used so rarely that it would be replaced. */
    public List<boolean[]> expired() {
        List<boolean[]> expired = new ArrayList<>();
        semantic.codebooks().forEach(codebook -> expired.add(codebook.expired()));
        acoustic.codebooks().forEach(codebook -> expired.add(codebook.expired()));
        return expired;
    }

    /** Quantized latent [B, D, frames] -> samples [B, 1, frames 1920]. */
    public Tensor decode(Tensor quantized) {
        return decoder.forward(decoderNetwork.forward(up.forward(quantized)));
    }

    /** Samples of codes, I64 [B, K, frames] -> [B, 1, frames 1920]. */
    public Tensor decodeCodes(Tensor codes) {
        long first = semantic.codebooks().size();
        Tensor low = semantic.decode(codes.narrow(1, 0, first));
        return decode(low.add(acoustic.decode(codes.narrow(1, first, codes.size(1) - first))));
    }
}

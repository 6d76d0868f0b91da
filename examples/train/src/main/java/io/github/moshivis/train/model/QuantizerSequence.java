package io.github.moshivis.train.model;

import io.github.moshivis.tensor.Autograd;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.SequenceOps;
import io.github.moshivis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Codebooks each of which takes what the ones before left over, with gradients that pass straight through the choice. Follows {@code
 * moshi/quantization/vq.py}, ResidualVectorQuantizer.
 *
 * @param input D -> Q, a kernel of one step [Q, D, 1]
 * @param codebooks in their order
 * @param output Q -> D, a kernel of one step [D, Q, 1]
 */
record QuantizerSequence(Convolution input, List<CodebookSequence> codebooks, Convolution output) {
    static QuantizerSequence of(Layers part, int used, int latent, int width, int bins) {
        List<CodebookSequence> codebooks = new ArrayList<>();
        for (int i = 0; i < used; i++) {
            Layers book = part.at("vq.layers").at(i).at("_codebook");
            codebooks.add(new CodebookSequence(
                    book.tensor("cluster_usage", bins), book.tensor("embedding_sum", bins, width)));
        }
        return new QuantizerSequence(
                new Convolution(part.tensor("input_proj.weight", width, latent, 1), null, 1),
                List.copyOf(codebooks),
                new Convolution(part.tensor("output_proj.weight", latent, width, 1), null, 1));
    }

    /**
     * A quantized latent.
     *
     * @param quantized [B, D, T]
     * @param codes for each codebook I64 [B T]
     * @param residuals for each codebook what it quantized, without gradients, [B T, Q]
     * @param commitment for each codebook the mean square of what it left over, []
     */
    record Output(Tensor quantized, List<Tensor> codes, List<Tensor> residuals, List<Tensor> commitment) {}

    /** Quantizes a latent [B, D, T]. */
    Output forward(Tensor latent) {
        Tensor projected = input.forward(latent); // [B, D, T] -> [B, Q, T]
        long width = projected.size(1);
        Tensor whole = projected.transpose(1, 2).reshape(-1, width); // -> [B T, Q]
        Tensor rest = whole;
        List<Tensor> codes = new ArrayList<>();
        List<Tensor> residuals = new ArrayList<>();
        List<Tensor> commitment = new ArrayList<>();
        for (CodebookSequence codebook : codebooks) {
            Tensor vectors = codebook.vectors();
            Tensor residual = Autograd.detach(rest);
            Tensor chosen = CodebookSequence.nearest(residual, vectors);
            rest = rest.sub(Ops.embedding(vectors, chosen));
            codes.add(chosen);
            residuals.add(residual);
            commitment.add(SequenceOps.mean(Ops.square(rest)));
        }
        Tensor difference = Autograd.detach(rest).mul(-1); // the sum of vectors less the whole, a constant
        Tensor summed = whole.add(difference)
                .view(latent.size(0), latent.size(2), width)
                .transpose(1, 2); // -> [B, Q, T]
        return new Output(output.forward(summed), codes, residuals, commitment);
    }

    /** The latent of codes, I64 [B, K, T] -> [B, D, T]. */
    Tensor decode(Tensor codes) {
        Tensor sum = null;
        for (int k = 0; k < codebooks.size(); k++) {
            Tensor vectors = Ops.embedding(codebooks.get(k).vectors(), codes.select(1, k)); // [B, T, Q]
            sum = sum == null ? vectors : sum.add(vectors);
        }
        return output.forward(sum.transpose(1, 2));
    }
}

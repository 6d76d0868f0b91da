package io.github.moshivis.audio.mimi;

import io.github.moshivis.nn.Linear;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;
import java.util.List;

/**
 * Codebooks in sequence, each for the residual of the ones before. Follows {@code moshi/quantization/vq.py}, ResidualVectorQuantizer.
 *
 * @param input D -> Q
 * @param codebooks K, in their order
 * @param output Q -> D; null for a codec that only encodes
 */
record ResidualQuantizer(Linear input, List<Codebook> codebooks, Linear output) {
    /** [B, T, D] -> I64 [B, T, K]. */
    Tensor encode(Tensor latent) {
        Tensor[] codes = new Tensor[codebooks.size()];
        Tensor rest = input.forward(latent); // [B, T, D] -> [B, T, Q]
        for (int k = 0; k < codes.length; k++) {
            codes[k] = codebooks.get(k).nearest(rest);
            rest = rest.sub(codebooks.get(k).lookUp(codes[k]));
        }
        return Ops.stack(-1, codes); // [B, T] -> [B, T, K]
    }

    /** I64 [B, T, K] -> [B, T, D], for the first K of the codebooks. */
    Tensor decode(Tensor codes) {
        Tensor sum = codebooks.get(0).lookUp(codes.select(-1, 0)); // [B, T, K] -> [B, T, Q]
        for (int k = 1; k < codes.size(-1); k++) {
            sum.addInPlace(codebooks.get(k).lookUp(codes.select(-1, k)));
        }
        return output.forward(sum);
    }
}

package io.github.moshivis.audio.mimi;

import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * One semantic codebook and several acoustic ones, both of the same latent: the acoustic ones do not use the residual of the semantic one.
 * Follows {@code moshi/quantization/vq.py}, SplitResidualVectorQuantizer.
 *
 * @param semantic {@code rvq_first}
 * @param acoustic {@code rvq_rest}
 */
record SplitQuantizer(ResidualQuantizer semantic, ResidualQuantizer acoustic) {
    int codebooks() {
        return semantic.codebooks().size() + acoustic.codebooks().size();
    }

    /** [B, T, D] -> I64 [B, T, K]. */
    Tensor encode(Tensor latent) {
        return Ops.cat(-1, semantic.encode(latent), acoustic.encode(latent));
    }

    /** I64 [B, T, K] -> [B, T, D]; K may be less than the number of codebooks, but more than the semantic ones. */
    Tensor decode(Tensor codes) {
        int first = semantic.codebooks().size();
        Tensor low = semantic.decode(codes.narrow(-1, 0, first));
        return low.add(acoustic.decode(codes.narrow(-1, first, codes.size(-1) - first)));
    }
}

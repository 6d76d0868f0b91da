package io.github.moshivis.audio.mimi;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KernelProgram;
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

    /** Returns whether {@link #recordEncoding} takes a number of rows. */
    boolean isEncodingRecorded(long rows) {
        return semantic.isEncodingRecorded(rows) && acoustic.isEncodingRecorded(rows);
    }

    /** Appends {@link #encode} of one step to a program: F32 [B, 1, D] -> I64 [B, K]. */
    Tensor recordEncoding(KernelProgram program, Tensor latent) {
        Tensor codes = program.room(DType.I64, latent.size(0), codebooks());
        semantic.recordEncoding(program, latent, codes, 0);
        acoustic.recordEncoding(program, latent, codes, semantic.codebooks().size());
        return codes;
    }

    /** Returns whether {@link #recordDecoding} takes a number of rows. */
    boolean isDecodingRecorded(long rows) {
        return semantic.isDecodingRecorded(rows) && acoustic.isDecodingRecorded(rows);
    }

    /** Appends {@link #decode} of one step and all codebooks to a program: I64 [K, B] -> F32 [B, 1, D]. */
    Tensor recordDecoding(KernelProgram program, Tensor codes) {
        long width = semantic.output().out();
        Tensor low = program.room(DType.F32, codes.size(1), 1, width);
        Tensor rest = program.room(DType.F32, codes.size(1), 1, width);
        semantic.recordDecoding(program, codes, 0, low);
        acoustic.recordDecoding(program, codes, semantic.codebooks().size(), rest);
        program.add(rest, low);
        return low;
    }
}

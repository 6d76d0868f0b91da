package io.github.moshivis.audio.mimi;

import io.github.moshivis.nn.Linear;
import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.KernelProgram;
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

    /** Returns whether {@link #recordEncoding} takes a number of rows. */
    boolean isEncodingRecorded(long rows) {
        return input.isRecorded(DType.F32, rows) && codebooks.stream().allMatch(codebook -> codebook.isRecorded(rows));
    }

    /** Appends {@link #encode} of one step to a program: F32 [B, 1, D] -> columns of I64 [B, K] from one on. */
    void recordEncoding(KernelProgram program, Tensor latent, Tensor codes, int column) {
        Tensor rest = program.between(DType.F32, latent.size(0), input.out());
        input.record(program, latent, rest);
        for (int k = 0; k < codebooks.size(); k++) {
            codebooks.get(k).record(program, rest, codes, column + k);
        }
    }

    /** Returns whether {@link #recordDecoding} takes a number of rows. */
    boolean isDecodingRecorded(long rows) {
        return output.isRecorded(DType.F32, rows);
    }

    /** Appends {@link #decode} of one step to a program: rows of I64 [K, B] from one on -> F32 [B, 1, D]. */
    void recordDecoding(KernelProgram program, Tensor codes, int row, Tensor y) {
        Tensor sum = program.between(DType.F32, codes.size(1), input.out());
        Tensor vector = program.room(DType.F32, codes.size(1), input.out());
        for (int k = 0; k < codebooks.size(); k++) {
            program.lookUp(codebooks.get(k).vectors(), codes.select(0, row + k), k == 0 ? sum : vector);
            if (k > 0) {
                program.add(vector, sum);
            }
        }
        output.record(program, sum, y);
    }
}

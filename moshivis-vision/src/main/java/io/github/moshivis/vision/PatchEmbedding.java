package io.github.moshivis.vision;

import io.github.moshivis.tensor.DType;
import io.github.moshivis.tensor.Ops;
import io.github.moshivis.tensor.Tensor;

/**
 * A picture as a row of tokens: each patch through one linear map, plus the embedding of its position. Follows transformers' {@code
 * SiglipVisionEmbeddings}; the convolution there has a stride of one kernel, so it is a matrix product over patches.
 *
 * <p>Letters: P pixels a side of a patch, G patches a side of the pictures that the positions were trained on, N patches, C width.
 *
 * @param weight [C, 3, P, P]; not owned
 * @param bias [C]; not owned
 * @param positions [G * G, C]; not owned
 * @param grid G
 */
record PatchEmbedding(Tensor weight, Tensor bias, Tensor positions, int grid) {
    /** Returns the number of tokens N for a picture's size in pixels. */
    long tokens(int height, int width) {
        long patch = weight.size(-1);
        return height / patch * (width / patch);
    }

    /**
     * Embeds a picture. What is left over at the right and the bottom and fills no patch is dropped.
     *
     * @param pixels [3, height, width] in any floating type, both at least P
     * @return [1, N, C] in the type of the weights, patches row by row
     */
    Tensor forward(Tensor pixels) {
        long width = weight.size(0);
        long patch = weight.size(-1);
        long values = 3 * patch * patch;
        long rows = pixels.size(1) / patch;
        long columns = pixels.size(2) / patch;
        Tensor patches = pixels.to(weight.dtype())
                .narrow(1, 0, rows * patch)
                .narrow(2, 0, columns * patch) // -> [3, rows * P, columns * P]
                .view(3, rows, patch, columns, patch) // -> [3, rows, P, columns, P]
                .permute(1, 3, 0, 2, 4) // -> [rows, columns, 3, P, P]
                .reshape(1, rows * columns, values); // -> [1, N, 3PP]
        return Ops.linear(patches, weight.view(width, values), bias) // -> [1, N, C]
                .add(positions(rows, columns));
    }

    /**
     * The position embeddings of a grid of patches: those that were trained where the grid is the same, else resampled.
     *
     * @return [1, N, C] in the type of the weights
     */
    Tensor positions(long rows, long columns) {
        if (rows == grid && columns == grid) {
            return positions.unsqueeze(0); // [N, C] -> [1, N, C]
        }
        long width = positions.size(1);
        Tensor trained = positions.to(DType.F32).view(1, grid, grid, width).permute(0, 3, 1, 2); // -> [1, C, G, G]
        return Ops.resizeBicubic(trained, rows, columns) // -> [1, C, rows, columns]
                .permute(0, 2, 3, 1) // -> [1, rows, columns, C]
                .reshape(1, rows * columns, width) // -> [1, N, C]
                .to(positions.dtype());
    }
}

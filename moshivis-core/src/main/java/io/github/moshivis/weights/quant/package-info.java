/**
 * Formats of few bits: GGUF blocks, MLX groups and our packed matrices, with their rounding.
 *
 * <p>{@link io.github.moshivis.weights.quant.BlockDecoder} and {@link io.github.moshivis.weights.quant.RowDecoder} read stored numbers,
 * {@link io.github.moshivis.weights.quant.Rounding} and {@link io.github.moshivis.weights.quant.Q8Blocks} make them, {@link
 * io.github.moshivis.weights.quant.Packing} builds the matrices of products in a {@link io.github.moshivis.weights.quant.MatrixForm}.
 *
 * <p>Internal: no compatibility promise. Imports {@code .kernel}, {@code .tensor} and {@code .weights.file}. One thread at a time.
 */
package io.github.moshivis.weights.quant;

/**
 * The Mimi codec: 24 kHz speech to 12.5 frames of codes a second and back, in streams or whole.
 *
 * <p>Encoder: SEANet convolutions (25 steps a second), transformer, down-sampling, split residual quantizer. Decoder: the inverse. Follows kyutai-labs/moshi, {@code moshi/models/compression.py} and {@code moshi/modules}; weights have the names of the released file. Tensors are F32 and time-major, [B, T, C], where the reference has [B, C, T].
 *
 * <p>Letters: B rows, T steps at the rate of the layer, C channels, D width of the latent, Q width of a codebook's vectors, K
 * codebooks. Weights are immutable; used by the inference thread alone, inside its scope. Internal: core finds it through {@link
 * io.github.moshivis.plugin.tensor.SpeechCodec.Provider}. Imports core's {@code .plugin.tensor}, {@code .nn}, {@code .stream},
 * {@code .tensor}, {@code .weights}, {@code .layout} and {@code .io}.
 */
package io.github.moshivis.audio.mimi;

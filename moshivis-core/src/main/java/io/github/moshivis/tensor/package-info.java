/**
 * LibTorch, seen through our own types: the only package that imports {@code org.bytedeco}.
 *
 * <p>Ownership is a rule, not a habit. Every operator runs inside a {@link io.github.moshivis.tensor.Scope} on its thread and its
 * result belongs to the innermost one, which frees it at its end. What must live longer is promoted by name with {@link
 * io.github.moshivis.tensor.Tensor#keep()}; from then on its keeper closes it.
 *
 * <p>Work that a GPU is to replay is done in three steps: {@link io.github.moshivis.tensor.Inputs} are planned and uploaded, {@link
 * io.github.moshivis.tensor.DeviceWork} computes and touches nothing of the host, results are read. Classes whose names begin with
 * {@code Cuda} or {@code Pinned} touch CUDA's presets, and are loaded once LibTorch has reported a GPU.
 *
 * <p>Tensors may pass between threads; a scope may not. Internal: no compatibility is promised. Imports {@code .errors} and {@code .kernel}.
 */
package io.github.moshivis.tensor;

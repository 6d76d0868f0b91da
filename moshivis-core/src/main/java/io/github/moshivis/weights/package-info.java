/**
 * Model weights as they lie in files: containers over mapped memory, and the writer of our own.
 *
 * <p>A {@link io.github.moshivis.weights.file.TensorFile} is one container, opened by {@link io.github.moshivis.weights.file.TensorFiles}: a
 * safetensors file, a GGUF file, or several as one. It knows names, stored types, shapes and where the bytes are, and nothing of
 * tensors. {@link io.github.moshivis.weights.names.CheckpointFormat} is whose names a file uses, with a table for each ({@link
 * io.github.moshivis.weights.names.PytorchNames} and its like). {@link io.github.moshivis.weights.Weights} makes tensors under our names,
 * in plain numbers whatever the file quantises, or hands out the file's own groups. Whatever a file says is
 * checked before it is believed: a damaged or hostile file ends in a
 * {@link io.github.moshivis.errors.CheckpointException} naming file and tensor, and nothing large is allocated because a header
 * asks for it.
 *
 * <p>Internal: no compatibility promise. Imports {@code .errors}, {@code .tensor}, {@code .nn} and Jackson. Files are immutable once open and may be read by any
 * thread; a writer belongs to one thread.
 */
package io.github.moshivis.weights;

/**
 * Containers of tensors: safetensors files, their shards, and GGUF files, read over mapped memory and written; files of {@code
 * torch.save} are read.
 *
 * <p>{@link io.github.moshivis.weights.file.TensorFiles} opens a container by its first bytes. A {@link
 * io.github.moshivis.weights.file.TensorFile} knows names, stored types, shapes and positions of bytes, and nothing of models. A header
 * is checked before it is believed: a damaged or hostile file ends in a {@link io.github.moshivis.errors.CheckpointException} that names
 * file and tensor, and no header can cause a large allocation.
 *
 * <p>Internal: no compatibility promise. Imports {@code .errors}, {@code .filetype} and Jackson. Open files are immutable and may be read by
 * any thread; a writer belongs to one thread.
 */
package io.github.moshivis.weights.file;

/**
 * Naming tables of the released forms, and recognition of forms by content.
 *
 * <p>{@link io.github.moshivis.weights.names.CheckpointFormat} recognizes the naming of a file and chooses its {@link
 * io.github.moshivis.weights.names.TensorNames}, which translate our names into the file's. {@link
 * io.github.moshivis.weights.names.LanguageModelFiles} finds and opens a language model. A further form is one constant of {@code
 * CheckpointFormat} and one table.
 *
 * <p>Internal: no compatibility promise. Imports {@code .errors}, {@code .filetype}, {@code .layout} and {@code .weights.file}. Everything is immutable.
 */
package io.github.moshivis.weights.names;

/**
 * From files to a model that runs.
 *
 * <p>{@link io.github.moshivis.loading.ModelLoader} checks the files, requires the memory, loads language model, codec and image encoder, and
 * starts the engine; a {@link io.github.moshivis.loading.LoadedModel} owns all of it. {@link io.github.moshivis.loading.OptionForms}
 * translates options into the terms of the layers that carry them out.
 *
 * <p>Internal. Imports {@code .load}, {@code .engine}, {@code .plugin} and packages below them. A model is loaded by one thread, that of the
 * caller.
 */
package io.github.moshivis.loading;

/**
 * Models as differentiable functions of whole sequences, over the tensors of a model file: the language model with its adapters, Mimi, the
 * image encoder. The arithmetic is that of the streaming layers; nothing here has state between calls.
 *
 * <p>Imports {@code io.github.moshivis.layout}, {@code .nn}, {@code .tensor}, {@code .weights} and what is below. A model and its
 * parameters are used by one thread at a time, in a scope for training.
 */
package io.github.moshivis.train.model;

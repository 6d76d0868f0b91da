/**
 * Model weights as tensors under our names.
 *
 * <p>{@link io.github.moshivis.weights.Weights} reads the tensors of one file: in plain numbers whatever the file quantizes, as the
 * groups that the file stores, or packed. {@link io.github.moshivis.weights.WeightPlan} lists the tensors of a model part, and
 * their memory, by running its loader on placeholders. {@link io.github.moshivis.weights.Adapter} adds low-rank changes while a tensor is read.
 *
 * <p>Internal: no compatibility promise. Imports {@code .errors}, {@code .layout}, {@code .nn}, {@code .tensor},
 * {@code .weights.file}, {@code .weights.names} and {@code .weights.quant}. One thread loads a model.
 */
package io.github.moshivis.weights;

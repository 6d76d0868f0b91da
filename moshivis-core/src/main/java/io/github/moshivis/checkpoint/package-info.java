/**
 * Checkpoints as files: {@link io.github.moshivis.checkpoint.Checkpoint} describes, verifies and converts
 * models, and writes models with random weights, for tests and measurements.
 *
 * <p>API. Imports {@code .plugin} and {@code .plugin.tensor}, {@code .lm}, {@code .nn}, {@code .weights} with its packages, {@code .tensor},
 * {@code .layout}, {@code .text}, {@code .io} and {@code .errors}. What it does runs on the calling thread, and on the common pool where it
 * computes.
 */
@NullMarked
package io.github.moshivis.checkpoint;

import org.jspecify.annotations.NullMarked;

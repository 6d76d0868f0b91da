/**
 * Optimizer, schedules of the learning rate and clipping of gradients. Imports {@code io.github.moshivis.tensor} alone. One thread, in a
 * scope for training.
 */
package io.github.moshivis.train.optim;

/**
 * Services that moshivis-audio and moshivis-vision implement, found by {@link java.util.ServiceLoader}: the speech codec and the image
 * encoder, in tensors, explicit state and row masks. Internal. Imports {@code .tensor}, {@code .stream}, {@code .weights}, {@code .layout},
 * {@code .nn} and {@code .io}.
 */
package io.github.moshivis.plugin.tensor;

/**
 * Stateless layers: weights plus a pure {@code forward}. State is an argument, of a type of {@code .stream}.
 *
 * <p>Letters: B rows, N new steps, T steps in a window, D model dimension, H heads. Used by one thread at a time. Internal, for
 * the language model, the codec and the image encoder. Imports {@code .tensor} and {@code .stream} only.
 */
package io.github.moshivis.nn;

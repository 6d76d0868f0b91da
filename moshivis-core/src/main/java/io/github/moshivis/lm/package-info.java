/**
 * The language model: a temporal transformer that takes one step a frame and looks at the picture, a depth transformer that speaks
 * the frame's codes one after the other, the delays between streams, and the sampler.
 *
 * <p>Letters: B rows, D and d the temporal and the depth model dimension, S streams (text, own codes, user codes), K own codes, N
 * image tokens. Everything a step changes is in {@link io.github.moshivis.lm.LmState}. All integers that the host knows (positions,
 * columns, masks) are computed on the host and uploaded; tokens are not read back before the step is over. Used by the inference
 * thread alone. Internal. Imports {@code .nn}, {@code .stream}, {@code .tensor}, {@code .layout}, {@code .weights} with
 * its packages, {@code .errors}.
 */
package io.github.moshivis.lm;

/**
 * The bundled nano model's domain and how such a model is trained from nothing: drawn shapes, talks about them spoken by {@code
 * espeak-ng}, which only this package needs, and the recipe's stages. Imports {@code io.github.moshivis.train.model}, {@code .optim}, {@code
 * .data}, {@code .audio}, core, and the JDK's drawing and sound.
 */
package io.github.moshivis.train.nano;

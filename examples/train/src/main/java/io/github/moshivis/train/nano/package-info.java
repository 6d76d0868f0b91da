/**
 * Training data in the domain of the bundled nano model: drawn shapes, and talks about them, spoken by {@code espeak-ng}, which only this
 * package needs. Imports {@code io.github.moshivis.audio} and the JDK's drawing and sound. Nothing here knows a model.
 */
package io.github.moshivis.train.nano;

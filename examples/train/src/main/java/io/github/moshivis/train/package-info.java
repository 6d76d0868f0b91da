/**
 * Training of a model: fine-tuning on recorded dialogues.
 *
 * <p>A library on {@code moshivis-core}, {@code moshivis-audio} and {@code moshivis-vision}; {@code moshivis train} runs it. One run uses
 * the thread that started it and helpers of its own.
 */
package io.github.moshivis.train;

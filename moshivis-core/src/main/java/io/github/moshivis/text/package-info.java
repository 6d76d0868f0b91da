/**
 * From text tokens to text: the SentencePiece vocabulary of a model and the text of one conversation.
 *
 * <p>{@link io.github.moshivis.text.Vocabulary} is immutable and shared by all threads; a {@link
 * io.github.moshivis.text.TextStream} is the state of one conversation and belongs to one thread at a time.
 *
 * <p>Internal: no compatibility promise. Imports {@code .errors}, {@code .filetype} and {@code .transcript}; no tensors here.
 */
package io.github.moshivis.text;

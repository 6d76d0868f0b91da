/**
 * Recordings of conversations: both voices as WAV, the tokens and codes of each step, and the transcript.
 *
 * <p>{@link io.github.moshivis.recording.Recording} takes each reply of one conversation and writes the three files as it goes.
 *
 * <p>Internal. Imports {@code .engine}, {@code .transcript}, {@code .weights.file}, {@code .io} and {@code .errors}. A recording is used by the
 * thread of its conversation.
 */
package io.github.moshivis.recording;

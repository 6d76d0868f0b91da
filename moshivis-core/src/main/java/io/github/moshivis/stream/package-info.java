/**
 * All that conversations change: tensors whose first dimension is the <em>slot</em>, allocated once, never gathered or moved.
 *
 * <p>Opening a conversation resets the rows of its slot; a tick works on the prefix of slots that {@link
 * io.github.moshivis.stream.Rows} names, and leaves the rows that take no part bit for bit as they were. Used by the inference
 * thread alone. Internal. Imports {@code .tensor} only.
 */
package io.github.moshivis.stream;

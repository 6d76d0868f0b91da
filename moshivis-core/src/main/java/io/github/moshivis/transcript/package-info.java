/**
 * Transcripts of speech: words with times, segments, and the formats that they are stored in.
 *
 * <p>Times are seconds on the clock of the sound: 0 is its first sample. They come from a grid of 80 ms and scatter by about 0.3 s.
 * Everything is immutable.
 */
@NullMarked
package io.github.moshivis.transcript;

import org.jspecify.annotations.NullMarked;

/**
 * Types that a host application implements or passes: audio sources and sinks, pictures, and progress.
 *
 * <p>Sound is 24 kHz mono 32-bit float in [-1, 1] by contract; other rates and channel counts are converted at the edge, by the
 * classes of moshivis-audio. Sources and sinks are inert until a conversation opens them; from then on the conversation owns them
 * and closes them, whether it starts, fails or ends.
 *
 * <p>API. Imports {@code .errors} only.
 */
@NullMarked
package io.github.moshivis.io;

import org.jspecify.annotations.NullMarked;

/**
 * Ogg pages and Opus packets: the container of RFC 3533, the stream in it of RFC 7845, and two implementations of the codec of RFC
 * 6716, libopus and one in Java, chosen by
 * {@link io.github.moshivis.audio.opus.OpusCodec#chosen}.
 *
 * <p>Internal. Imports core's {@code .errors}, {@code .io} and {@code .plugin} only; the only package that uses JNA, opus-java and Concentus.
 * Objects are used by one thread at a time, including {@code close()}; static methods are thread-safe.
 */
package io.github.moshivis.audio.opus;

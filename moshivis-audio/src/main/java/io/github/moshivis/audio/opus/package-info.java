/**
 * Ogg pages and Opus packets: the container of RFC 3533, the stream in it of RFC 7845, and two implementations of the codec of RFC
 * 6716, libopus and one in Java, of which {@link io.github.moshivis.audio.opus.OpusCodec#chosen} gives the one to use.
 *
 * <p>Internal. Imports core's {@code .errors} and {@code .plugin} only, and alone knows JNA, opus-java and Concentus. Objects are used by one thread at a
 * time, {@code close()} included; what is static by any.
 */
package io.github.moshivis.audio.opus;

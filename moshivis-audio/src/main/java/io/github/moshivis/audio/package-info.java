/**
 * Audio input and output: files, devices, raw streams, PCM conversion, and resampling to and from the 24 kHz mono float of
 * {@link io.github.moshivis.io.AudioSource} and {@link io.github.moshivis.io.AudioSink}.
 *
 * <p>{@link io.github.moshivis.audio.WavFile} reads and writes files, {@link io.github.moshivis.audio.Microphone} and
 * {@link io.github.moshivis.audio.Speaker} are devices of this machine, {@link io.github.moshivis.audio.RawPcm} is for byte streams,
 * {@link io.github.moshivis.audio.Resampled} adapts a host's own sources and sinks; all use
 * {@link io.github.moshivis.audio.PcmEncoding} and {@link io.github.moshivis.audio.Resampler}.
 * {@link io.github.moshivis.audio.OggOpus} is Opus in files and streams, {@link io.github.moshivis.audio.OggOpusDecoder} and
 * {@link io.github.moshivis.audio.OggOpusEncoder} are for Opus in messages.
 * {@link io.github.moshivis.audio.LevelMeter} and {@link io.github.moshivis.audio.EchoCanceller} wrap any of them.
 *
 * <p>API. Imports core's {@code .io}, {@code .errors}, {@code .filetype} and {@code .plugin}, and {@code .opus} below it. A source or sink
 * is used by one thread at a time; {@code close()} may be called by any.
 */
@NullMarked
package io.github.moshivis.audio;

import org.jspecify.annotations.NullMarked;

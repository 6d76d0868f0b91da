/**
 * Many conversations on one device. One thread owns the device and all state; it runs ticks back to back while any slot has a
 * frame, and does everything else (opening, closing, pictures) between them. Callers hand frames in and wait for results on their
 * own threads; no code of the host application runs on the inference thread.
 *
 * <p>Internal. Imports {@code .lm}, {@code .plugin.tensor}, {@code .stream}, {@code .tensor}, {@code .errors}, {@code .io}.
 */
package io.github.moshivis.engine;

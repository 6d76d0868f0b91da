/**
 * Models from the Hugging Face hub: a client that downloads the files of a model to the cache that Python's {@code huggingface_hub} also
 * uses.
 *
 * <p>API: {@link io.github.moshivis.hub.Hub} downloads, {@link io.github.moshivis.hub.HubCache} lists, verifies and removes,
 * {@link io.github.moshivis.hub.HubSettings} has location and token. Internal classes:
 * {@code HubHttp} (requests, redirects, use of the token), {@code HubApi} (information on repositories and files),
 * {@code FileDownload} with {@code PartialFile} (one file: ranges, resume, hash), {@code CacheLayout} (paths in the cache).
 *
 * <p>Imports core's {@code .plugin}, {@code .layout}, {@code .io} and {@code .errors}, Jackson and the JDK; no tensors.
 *
 * <p>Threads: public classes are thread-safe. Progress is reported on the calling thread; transfers run in daemon threads that end before
 * the call returns.
 */
@NullMarked
package io.github.moshivis.hub;

import org.jspecify.annotations.NullMarked;

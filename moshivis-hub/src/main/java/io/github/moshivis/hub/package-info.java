/**
 * Models from the Hugging Face hub: a client that downloads the files of a model to the cache that Python's {@code huggingface_hub} also
 * uses.
 *
 * <p>API: {@link io.github.moshivis.hub.Hub} downloads, {@link io.github.moshivis.hub.HubCache} lists, verifies and removes,
 * {@link io.github.moshivis.hub.HubSettings} says where and with which token. What is not public is the machinery:
 * {@code HubHttp} (requests, redirects, the token's reach), {@code HubApi} (what the hub says of a repository and a file),
 * {@code FileDownload} with {@code PartialFile} (one file: ranges, resume, hash), {@code CacheLayout} (where things lie).
 *
 * <p>Imports core's {@code .plugin}, {@code .layout}, {@code .io} and {@code .errors}, Jackson and the JDK; no tensors.
 *
 * <p>Threads: public classes may be used from several threads at once. Progress is reported from the thread that called;
 * transfers run in daemon threads that end before the call returns.
 */
@NullMarked
package io.github.moshivis.hub;

import org.jspecify.annotations.NullMarked;

package io.github.moshivis.hub;

import java.net.URI;

/**
 * A file on the hub.
 *
 * @param name its name in the repository
 * @param hash what its bytes hash to
 * @param size its length in bytes
 * @param uri its address on the hub, at a pinned commit
 * @param place where its bytes were at the time: a signed address that expires, or the hub itself
 */
record RemoteFile(String name, ContentHash hash, long size, URI uri, URI place) {}

/**
 * The wire protocol of the reference's web client and servers: its {@linkplain io.github.moshivis.client.Message messages},
 * and a {@linkplain io.github.moshivis.client.ChatClient client} for it.
 *
 * <p>Imports moshivis-core's API, moshivis-audio's, and Jackson; never a server. Messages and options are immutable values. A client's
 * methods may be called by any thread; its listener is called by one thread at a time.
 */
package io.github.moshivis.client;

/**
 * The web side of the server, on Jetty: pages, state for orchestrators, metrics, and the door to the conversations. Imports Jetty, the
 * server's {@code chat}, {@code tls} and {@code log}.
 *
 * <p>Threads: a pool of Jetty's answers requests and receives messages. Nothing in it waits for the model.
 */
package io.github.moshivis.server.http;

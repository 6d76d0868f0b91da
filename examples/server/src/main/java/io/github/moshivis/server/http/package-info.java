/**
 * HTTP and WebSockets on Jetty: pages, status, metrics, and upgrades to conversations. Imports Jetty, the server's {@code chat},
 * {@code tls} and {@code log}.
 *
 * <p>Threads: Jetty's pool handles requests and messages, and never waits for the model.
 */
package io.github.moshivis.server.http;

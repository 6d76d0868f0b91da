/**
 * Web server with a page, wire-compatible with the reference's web client. This package holds the command line, startup and shutdown;
 * {@code chat} holds conversations, {@code http} the HTTP side, {@code config} configuration files, {@code tls} certificates,
 * {@code metrics} and {@code log} metrics and log.
 *
 * <p>Imports picocli, the library's API, moshivis-hub, and the packages below it. The main thread starts the server, waits for the signal to
 * stop, and stops it; each package documents its threads.
 */
package io.github.moshivis.server;

/**
 * A web server on the library, and its page. Wire-compatible with the reference's web client. This package holds the program: its
 * command line and the order in which things start and stop; {@code chat} holds the conversations, {@code http} the web side, {@code config}
 * the files of settings, {@code tls} the certificates, {@code metrics} and {@code log} what their names say.
 *
 * <p>Imports picocli, the library's API, moshivis-hub, and the packages below it. The main thread starts the server, waits for the signal to
 * stop, and stops it; every other package says what its threads do.
 */
package io.github.moshivis.server;

/**
 * Where the server's certificate comes from: PEM files, or made at the start. Imports BouncyCastle and Java. Used while the server starts,
 * by one thread.
 */
package io.github.moshivis.server.tls;

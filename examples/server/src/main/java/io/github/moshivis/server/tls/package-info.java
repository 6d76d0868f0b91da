/**
 * Sources of the server's certificate: PEM files, or one made at the start. Imports BouncyCastle and Java. Used while the server starts, by
 * one thread.
 */
package io.github.moshivis.server.tls;

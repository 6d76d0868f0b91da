/**
 * Sources of the server's certificate: PEM files, or a generated one. Imports BouncyCastle and Java. Used while the server starts, by one
 * thread.
 */
package io.github.moshivis.server.tls;

/** A web server on the library, and its page. Wire-compatible with the reference's web client. */
package io.github.moshivis.examples.server;

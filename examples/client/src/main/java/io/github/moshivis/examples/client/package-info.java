/** The wire protocol of the reference's web client and servers: its messages, and a client that speaks it. */
package io.github.moshivis.examples.client;

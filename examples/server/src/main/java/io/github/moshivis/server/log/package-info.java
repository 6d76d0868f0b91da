/** The server's log: one line for each event, with keys and values. Imports Java only. Safe for all threads. */
package io.github.moshivis.server.log;

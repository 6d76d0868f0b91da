/**
 * What is counted and how it is written down for Prometheus. Imports Java only. Counting is safe for all threads and never waits; reading
 * sees each number as of now, not all as of one moment.
 */
package io.github.moshivis.server.metrics;

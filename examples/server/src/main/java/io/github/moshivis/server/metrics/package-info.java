/**
 * Metrics in Prometheus' text format. Imports Java only. Counting is thread-safe and never blocks; a read is not one atomic snapshot of all
 * metrics.
 */
package io.github.moshivis.server.metrics;

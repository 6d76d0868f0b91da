/**
 * Metrics in Prometheus' text form. Imports Java only. Counting is thread-safe and never blocks; reading sees each number as of now, not
 * all as of one moment.
 */
package io.github.moshivis.server.metrics;

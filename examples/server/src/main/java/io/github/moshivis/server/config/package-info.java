/**
 * Settings besides the command line: the Rust server's JSON, the PyTorch server's YAML, and the environment. Imports Jackson, picocli and
 * the names of {@code chat}'s settings. Used while the server starts, by one thread.
 */
package io.github.moshivis.server.config;

/**
 * The command line {@code moshivis}: one class per command, and shared options as mixins.
 *
 * <p>{@link io.github.moshivis.cli.Main} is the entry point. Commands write their results to standard output;
 * {@link io.github.moshivis.cli.Failures} prints errors, one line each, to standard error, with exit code 2 for bad usage or input and 1
 * for everything else. Imports the public API, picocli and Jackson.
 */
package io.github.moshivis.cli;

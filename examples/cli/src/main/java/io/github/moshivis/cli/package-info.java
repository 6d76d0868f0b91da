/**
 * The command line {@code moshivis}: one class for each command, and options that several commands share as mixins.
 *
 * <p>{@link io.github.moshivis.cli.Main} is the way in. Commands write their results to the standard output; problems are
 * one line on the standard error, said by {@link io.github.moshivis.cli.Failures} alone, with exit code 2 for bad usage
 * or input and 1 for everything else. Imports the public API, picocli and Jackson.
 */
package io.github.moshivis.cli;

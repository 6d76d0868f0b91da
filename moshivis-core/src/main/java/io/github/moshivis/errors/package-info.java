/**
 * Exceptions for faults outside the caller's code. Mistakes of the caller are {@link IllegalArgumentException} and {@link
 * IllegalStateException}; faults of the world are subclasses of {@link io.github.moshivis.errors.MoshiVisException}, one for each answer to
 * "what can the caller do?". Every message says what failed, what was found, what was expected, and what to do.
 *
 * <p>{@link io.github.moshivis.errors.Finding} is what a diagnosis reports, of parts that work too.
 *
 * <p>API. Imports nothing of this project.
 */
@NullMarked
package io.github.moshivis.errors;

import org.jspecify.annotations.NullMarked;

/**
 * Services that other modules implement, found by {@link java.util.ServiceLoader}: model repositories, sound files and diagnoses. No
 * tensors here.
 *
 * <p>API for implementers. Imports {@code .io} and {@code .errors} only.
 */
package io.github.moshivis.plugin;

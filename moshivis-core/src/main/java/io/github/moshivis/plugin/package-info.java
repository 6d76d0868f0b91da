/**
 * Services that other modules implement, found by {@link java.util.ServiceLoader}: model repositories, sound files and diagnoses. No
 * tensors here.
 *
 * <p>API for implementers. Imports {@code .plugin.tensor}, whose services it finds too, {@code .io} and {@code .errors} only.
 */
package io.github.moshivis.plugin;

/**
 * What moshivis-hub implements, found by {@link java.util.ServiceLoader}: where model files come from, and what tells of the way
 * there. No tensors here.
 *
 * <p>API for implementers. Imports {@code .io} and {@code .errors} only.
 */
package io.github.moshivis.plugin;

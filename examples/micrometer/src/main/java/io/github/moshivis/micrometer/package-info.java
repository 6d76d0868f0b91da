/** Meters of a model for Micrometer. */
package io.github.moshivis.micrometer;

/** Options of loading a model, and models on the class path. */
@NullMarked
package io.github.moshivis.load;

import org.jspecify.annotations.NullMarked;

/**
 * Parts that the command line and the server share: options of the model, the bundled model with its clip and picture, and settings of
 * the process. Imports picocli and the library's API. Objects of this package are used by one thread.
 */
package io.github.moshivis.programs;

/**
 * Code shared by the command line and the server: model flags, the bundled models with clip and picture, and process settings. Imports
 * picocli and the library's API. Objects of this package are used by one thread.
 */
package io.github.moshivis.programs;

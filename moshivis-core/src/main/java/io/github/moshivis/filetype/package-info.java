/**
 * Recognition of files by their first bytes, for messages that name what was given in the place of a model, picture or sound;
 * and files that are read whole, up to a size.
 *
 * <p>Imports errors only. All methods are safe for all threads.
 */
package io.github.moshivis.filetype;

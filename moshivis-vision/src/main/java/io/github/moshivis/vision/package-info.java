/**
 * From a picture to what the language model attends to: decoding, resizing, normalising.
 *
 * <p>Internal: applications use {@link io.github.moshivis.io.Image}. Imports core only; image formats are read by the JDK's own
 * readers and TwelveMonkeys' WebP reader, EXIF by metadata-extractor. Nothing here needs a display or writes to disk, and whatever a
 * hostile picture makes those libraries throw leaves this package as a {@link io.github.moshivis.errors.MediaException}.
 *
 * <p>All classes are stateless or immutable and may be used from any thread.
 */
package io.github.moshivis.vision;

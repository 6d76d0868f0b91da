/**
 * From a picture to image features: decoding, resizing, normalizing, the SigLIP encoder, the projection to the language model's width.
 *
 * <p>Internal: applications use {@link io.github.moshivis.io.Image}. Imports core only; image formats are read by the JDK's own
 * readers and TwelveMonkeys' WebP reader, EXIF by metadata-extractor. Nothing here needs a display or writes to disk, and whatever a
 * hostile picture makes those libraries throw leaves this package as a {@link io.github.moshivis.errors.MediaException}.
 *
 * <p>Pictures are prepared on any thread: all classes are stateless or immutable, except {@code SiglipEncoding}, a picture half done,
 * which belongs to the inference thread. Weights belong to whoever loaded them; nothing here copies or keeps one.
 */
package io.github.moshivis.vision;

/**
 * From a picture to image features: decoding, resizing, normalizing, the SigLIP encoder, the projection to the language model's width.
 *
 * <p>Internal: applications use {@link io.github.moshivis.io.Image}. Imports core only; image formats are read by the JDK's own
 * readers and TwelveMonkeys' WebP reader, EXIF by metadata-extractor. Nothing here needs a display or writes to disk, and every exception that a
 * hostile picture causes in those libraries becomes a {@link io.github.moshivis.errors.MediaException}.
 *
 * <p>Pictures are prepared on any thread: all classes are stateless or immutable, except {@code SiglipEncoding}, a running
 * encoding, which belongs to the inference thread. Weights are owned by their loader; nothing here copies or keeps them.
 */
package io.github.moshivis.vision;

package io.github.moshivis.io;

import io.github.moshivis.errors.MediaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A picture to talk about: encoded (PNG, JPEG, WebP, GIF, BMP), plain pixels, or what an image encoder made of it. Immutable. It is decoded when a conversation first
 * uses it; a picture that cannot be decoded gives a {@link io.github.moshivis.errors.MediaException} there.
 */
public final class Image {
    /** Four bytes for each pixel of the largest picture. */
    private static final int MAX_BYTES = 256 << 20;

    private final String name;
    private final byte[] encoded;
    private final Pixels pixels;
    private final Features features;
    private final boolean applyOrientation;

    private Image(String name, byte[] encoded, Pixels pixels, Features features, boolean applyOrientation) {
        this.name = name;
        this.encoded = encoded;
        this.pixels = pixels;
        this.features = features;
        this.applyOrientation = applyOrientation;
    }

    /**
     * A picture in a file, which is read at once.
     *
     * @param file an encoded picture, of at most 256 MiB
     * @return the picture
     * @throws IOException if the file cannot be read
     * @throws MediaException if it is larger, or does not fit into the heap
     */
    public static Image read(Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        String name = file.toAbsolutePath().toString();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = Files.size(file) > MAX_BYTES ? null : in.readNBytes(MAX_BYTES + 1); // devices have no size
            if (bytes == null || bytes.length > MAX_BYTES) {
                throw tooLarge(name, "more than " + MAX_BYTES + " bytes", null);
            }
            return new Image(name, bytes, null, null, true);
        } catch (OutOfMemoryError e) { // of one large array, which is garbage now
            throw tooLarge(name, "more bytes than the heap has room for", e);
        }
    }

    private static MediaException tooLarge(String name, String found, Throwable cause) {
        return new MediaException(
                "Cannot read the picture " + name + ": found " + found + ", expected at most " + MAX_BYTES
                        + " bytes. Give a picture's file; scale the picture down if it is one",
                cause);
    }

    /**
     * A picture in memory.
     *
     * @param bytes an encoded picture; copied
     * @return the picture
     */
    public static Image encoded(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        return new Image("picture of " + bytes.length + " bytes", bytes.clone(), null, null, true);
    }

    /**
     * A picture given by its pixels.
     *
     * @param width in pixels, at least 1
     * @param height in pixels, at least 1
     * @param rgb three bytes a pixel, red first, row by row from the top; copied
     * @return the picture
     * @throws IllegalArgumentException if the array does not hold {@code 3 * width * height} bytes
     */
    public static Image rgb(int width, int height, byte[] rgb) {
        Objects.requireNonNull(rgb, "rgb");
        return new Image(width + "x" + height + " pixels", null, new Pixels(width, height, rgb.clone()), null, true);
    }

    /**
     * A picture given by what an image encoder made of it, projection and norm included: the reference's {@code
     * image_prefix} output. The model's own encoder is not used, and need not be there.
     *
     * @param tokens how many tokens it became, at least 1
     * @param values so many numbers a token as the language model expects, token by token; copied
     * @return the picture
     * @throws IllegalArgumentException if the numbers cannot be divided by the tokens, or one is not finite
     */
    public static Image features(int tokens, float[] values) {
        Objects.requireNonNull(values, "values");
        return new Image("picture of " + tokens + " tokens", null, null, new Features(tokens, values.clone()), true);
    }

    /**
     * This picture without regard to the EXIF orientation that cameras write, as the PyTorch reference reads it. By default the
     * orientation is applied.
     *
     * @return a copy that ignores the orientation
     */
    public Image ignoringOrientation() {
        return new Image(name, encoded, pixels, features, false);
    }

    /**
     * Returns the origin of the picture, for messages.
     *
     * @return a file name or a description
     */
    public String name() {
        return name;
    }

    /**
     * The encoded bytes, if the picture was given so.
     *
     * @return a copy of the bytes, or empty
     */
    public Optional<byte[]> encodedBytes() {
        return Optional.ofNullable(encoded).map(byte[]::clone);
    }

    /**
     * The pixels, if the picture was given so.
     *
     * @return the pixels, or empty
     */
    public Optional<Pixels> pixels() {
        return Optional.ofNullable(pixels);
    }

    /**
     * Returns the precomputed features, if the picture was given so.
     *
     * @return the features, or empty
     */
    public Optional<Features> features() {
        return Optional.ofNullable(features);
    }

    /**
     * Returns whether the EXIF orientation is to be applied.
     *
     * @return true unless {@link #ignoringOrientation()} was called
     */
    public boolean appliesOrientation() {
        return applyOrientation;
    }

    @Override
    public String toString() {
        return "Image[" + name + "]";
    }

    /**
     * The output of an image encoder for one picture.
     *
     * @param tokens how many
     * @param values of each token in turn; not to be changed
     */
    public record Features(int tokens, float[] values) {
        /**
         * Checks the sizes.
         *
         * @param tokens how many
         * @param values of each token in turn
         * @throws IllegalArgumentException if the values cannot be divided by the tokens, or one is not finite
         */
        public Features {
            Objects.requireNonNull(values, "values");
            if (tokens < 1 || values.length < tokens || values.length % tokens != 0) {
                throw new IllegalArgumentException("A picture of " + tokens + " tokens needs as many values for each"
                        + " of them, found " + values.length + " values in all; give tokens times their width");
            }
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    throw new IllegalArgumentException("A picture's features must be finite numbers, found " + values[i]
                            + " as value " + i + "; check the program that computed them");
                }
            }
        }
    }

    /**
     * Decoded pixels.
     *
     * @param width in pixels
     * @param height in pixels
     * @param rgb three bytes a pixel, red first, row by row from the top; not to be changed
     */
    public record Pixels(int width, int height, byte[] rgb) {
        /**
         * Checks the sizes.
         *
         * @param width in pixels
         * @param height in pixels
         * @param rgb three bytes a pixel
         * @throws IllegalArgumentException if the array does not hold {@code 3 * width * height} bytes
         */
        public Pixels {
            Objects.requireNonNull(rgb, "rgb");
            if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
                throw new IllegalArgumentException("A picture of " + width + " x " + height + " pixels needs "
                        + String.format("%.0f", 3.0 * width * height) + " bytes of RGB, found " + rgb.length);
            }
        }
    }
}

package io.github.moshivis.vision;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.filetype.FileType;
import io.github.moshivis.io.Image;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.imageio.IIOException;

/**
 * Decodes pictures to 8-bit RGB as the reference does (torchvision's {@code decode_image} in RGB mode): transparency dropped and not
 * blended, gray repeated, palettes expanded, color profiles not applied. PNG, lossless WebP, GIF and BMP are exact; JPEG is
 * libjpeg's; lossy WebP repeats color samples where the reference's libwebp interpolates them, which shows at sharp edges. Of an animation the first frame is taken, by itself, without its canvas. Differing on purpose: the EXIF orientation is
 * applied unless the picture says otherwise, and 16-bit samples are scaled to 8 bits.
 */
final class ImageDecoder {
    /**
     * Maximum pixels of a picture: 8192 x 8192, above the 61 megapixels of full-frame cameras, and 201 MB as RGB. The encoder uses some
     * hundreds of pixels per side, so a larger picture can be scaled down without loss.
     */
    static final long MAX_PIXELS = 8192L * 8192;

    /** Maximum bytes of an encoded picture: {@link #MAX_PIXELS} at four bytes a pixel, uncompressed. */
    static final long MAX_ENCODED_BYTES = 4 * MAX_PIXELS;

    /** Maximum pixels per side. */
    static final int MAX_SIDE = 32_768;

    private static final int SHOWN_BYTES = 8;

    private ImageDecoder() {}

    /**
     * Decodes a picture.
     *
     * @param image the picture; one given by its pixels is returned as it is
     * @return its pixels, turned upright if {@link Image#appliesOrientation()}
     * @throws MediaException if it is not a picture, or is damaged, truncated, or larger than {@link #MAX_PIXELS}
     */
    static Image.Pixels decode(Image image) {
        return image.pixels().orElseGet(() -> decode(image, image.encodedBytes().orElseThrow()));
    }

    private static Image.Pixels decode(Image image, byte[] encoded) {
        PictureFormat format = PictureFormat.of(encoded).orElseThrow(() -> notAPicture(image, encoded));
        if (encoded.length > MAX_ENCODED_BYTES) {
            throw tooLarge(image, encoded.length + " bytes", MAX_ENCODED_BYTES + " bytes");
        }
        try {
            return switch (format) {
                case PNG -> upright(image, rgb(image, format, encoded), PngChunks.exif(encoded));
                case JPEG -> jpeg(image, encoded);
                case WEBP ->
                    upright(image, rgb(image, format, WebpContainer.firstFrame(encoded)), WebpContainer.exif(encoded));
                case GIF -> rgb(image, format, GifFirstFrame.of(encoded));
                case BMP -> bmp(image, encoded);
            };
        } catch (MediaException told) {
            throw told;
        } catch (OutOfMemoryError e) { // of one large array, which is garbage now
            throw tooLargeForHeap(image, encoded.length, e);
        } catch (IOException | RuntimeException damage) { // readers answer hostile data with exceptions of every kind
            for (Throwable cause = damage; cause != null; cause = cause.getCause()) {
                if (cause instanceof OutOfMemoryError) {
                    throw tooLargeForHeap(image, encoded.length, cause);
                }
            }
            throw damaged(image, format, damage);
        }
    }

    private static Image.Pixels rgb(Image image, PictureFormat format, byte[] encoded) throws IOException {
        try (PictureReader reader = new PictureReader(format, encoded)) {
            checkSize(image, reader);
            return new Image.Pixels(reader.width(), reader.height(), reader.rgb());
        }
    }

    private static Image.Pixels jpeg(Image image, byte[] encoded) throws IOException {
        JpegHeader header = JpegHeader.read(encoded);
        try (PictureReader reader = new PictureReader(PictureFormat.JPEG, encoded)) {
            checkSize(image, reader);
            byte[] rgb = reader.rgb(header.colors());
            return upright(image, new Image.Pixels(reader.width(), reader.height(), rgb), header.exif());
        }
    }

    private static Image.Pixels bmp(Image image, byte[] encoded) throws IOException {
        if (BmpHeader.embedsAnotherFormat(encoded)) { // of a size that the header checked here need not tell
            throw new IIOException("it wraps a JPEG or PNG file, which only printers read");
        }
        return rgb(image, PictureFormat.BMP, BmpHeader.withFileSize(encoded));
    }

    private static void checkSize(Image image, PictureReader reader) throws IOException {
        long pixels = (long) reader.width() * reader.height();
        if (reader.width() < 1 || reader.height() < 1) {
            throw new IIOException("it states a size of " + reader.width() + " x " + reader.height() + " pixels");
        }
        String found = reader.width() + " x " + reader.height() + " pixels";
        if (pixels > MAX_PIXELS) {
            throw tooLarge(image, found, MAX_PIXELS + " pixels in all");
        }
        if (Math.max(reader.width(), reader.height()) > MAX_SIDE) {
            throw tooLarge(image, found, MAX_SIDE + " pixels a side");
        }
    }

    private static Image.Pixels upright(Image image, Image.Pixels stored, Optional<byte[]> exif) {
        return exif.filter(present -> image.appliesOrientation())
                .map(Orientation::read)
                .orElse(Orientation.UPRIGHT)
                .upright(stored);
    }

    private static MediaException notAPicture(Image image, byte[] encoded) {
        Optional<FileType> foreign = FileType.of(encoded);
        String found = foreign.map(FileType::description)
                .orElseGet(() -> encoded.length == 0 ? "no bytes at all" : firstBytes(encoded));
        String remedy = foreign.map(ImageDecoder::remedy).orElse("Convert the picture to one of these formats");
        return new MediaException("Cannot decode " + image.name() + ": found " + found + ", expected one of "
                + PictureFormat.all() + ". " + remedy + ".");
    }

    private static String remedy(FileType foreign) {
        return foreign.remedy("picture").orElseGet(() -> {
            if (foreign.isPicture()) {
                return "Convert it to JPEG or PNG";
            }
            return foreign.isSound()
                    ? "Give the picture here, and the sound as a source of the conversation"
                    : "Give the picture here, and a model to MoshiVis.load";
        });
    }

    private static String firstBytes(byte[] encoded) {
        byte[] shown = Arrays.copyOf(encoded, Math.min(encoded.length, SHOWN_BYTES));
        return encoded.length + " bytes that begin with "
                + HexFormat.ofDelimiter(" ").formatHex(shown);
    }

    private static MediaException tooLarge(Image image, String found, String limit) {
        return new MediaException("Cannot decode " + image.name() + ": found " + found + ", expected at most " + limit
                + ". Scale the picture down; the model sees some hundreds of pixels each way.");
    }

    private static MediaException tooLargeForHeap(Image image, int bytes, Throwable cause) {
        return new MediaException(
                "Cannot decode " + image.name() + ": found " + bytes
                        + " bytes whose pixels do not fit into the heap of "
                        + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB, expected a picture that does. Scale it"
                        + " down, or raise -Xmx.",
                cause);
    }

    private static MediaException damaged(Image image, PictureFormat format, Exception damage) {
        return new MediaException(
                "Cannot decode " + image.name() + ": found a " + format
                        + " file that is truncated, damaged or of a rare kind (" + reason(damage)
                        + "), expected a complete one. Copy or export the picture again, as one of "
                        + PictureFormat.all() + ".",
                damage);
    }

    private static String reason(Exception damage) {
        return damage.getMessage() == null ? damage.getClass().getSimpleName() : damage.getMessage();
    }
}

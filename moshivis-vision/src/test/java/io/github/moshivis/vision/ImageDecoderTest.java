package io.github.moshivis.vision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.io.Image;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of each format; the reference's own pictures are in {@link VisionGoldenTest}. */
class ImageDecoderTest {
    /** What JPEG at its best quality changes in the ramps. */
    private static final int JPEG_LEVELS = 4;
    /** Lossy WebP stores color at half the resolution; the samples are repeated, on ramps of up to ten levels a pixel. */
    private static final int WEBP_LEVELS = 10;
    /** What libwebp itself differs by, 15 at this file's quality of 20, and the repeated color samples. */
    private static final int TALL_LEVELS = 18;

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp"})
    void losslessFormatsOfTheJdkAreExact(String format) {
        assertExact(Pictures.write(format));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossless.webp", "lossless_exif6.webp", "lossless_alpha.webp"})
    void losslessWebpIsExactAndItsTransparencyIsDropped(String file) {
        assertExact(Pictures.resource(file));
    }

    @Test
    void theFirstFrameOfAnAnimationIsTaken() {
        assertExact(Pictures.resource("animated.webp"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"profile.png", "lossless_profile.webp"})
    void colorProfilesAreNotApplied(String file) {
        assertExact(Pictures.resource(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossy.webp", "lossy_alpha.webp", "cmyk.jpg", "profile.jpg"})
    void lossyFilesAreCloseToWhatTheyShow(String file) {
        assertThat(largestDifference(decodeAsStored(Pictures.resource(file)), Pictures.ramps()))
                .isLessThanOrEqualTo(file.endsWith(".webp") ? WEBP_LEVELS : JPEG_LEVELS);
    }

    /** Readers that predict from pixels which the loop filter has already changed drift away, block by block. */
    @Test
    void lossyWebpDoesNotDriftDownAPicture() {
        Image.Pixels pixels = decodeAsStored(Pictures.resource("lossy_tall.webp"));

        byte[] shown = new byte[pixels.rgb().length];
        for (int i = 0; i < shown.length / 3; i++) {
            int x = i % pixels.width();
            int y = i / pixels.width();
            shown[3 * i] = (byte) (40 + 2 * x);
            shown[3 * i + 1] = (byte) (60 + y / 2);
            shown[3 * i + 2] = (byte) (200 - x - y / 4);
        }
        assertThat(largestDifference(pixels, new Image.Pixels(64, 320, shown))).isLessThanOrEqualTo(TALL_LEVELS);
    }

    @Test
    void ycckIsCmykWhoseInksAreStoredAsYcbcr() {
        byte[] cmyk = Pictures.resource("cmyk.jpg");
        byte[] adobe = {'A', 'd', 'o', 'b', 'e'};
        byte[] ycck = Pictures.patched(cmyk, adobe, 11, new byte[] {2}); // the color transform
        Image.Pixels stored = decodeAsStored(cmyk); // K is "no ink" throughout, so these are the stored samples

        Image.Pixels pixels = decodeAsStored(ycck);

        for (int i = 0; i < stored.rgb().length; i += 3) {
            double y = stored.rgb()[i] & 0xFF;
            double cb = (stored.rgb()[i + 1] & 0xFF) - 128;
            double cr = (stored.rgb()[i + 2] & 0xFF) - 128;
            double[] inverted = {y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb};
            for (int c = 0; c < 3; c++) {
                double expected = 255 - Math.max(0, Math.min(255, inverted[c]));
                assertThat((double) (pixels.rgb()[i + c] & 0xFF)).isBetween(expected - 1, expected + 1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0 255", "2, 0 85 170 255", "4, 0 17 34 51 68 85 102 119 136 153 170 187 204 221 238 255"})
    void grayOfFewBitsIsSpreadOverTheWholeRange(int bits, String levels) {
        int[] expected =
                Arrays.stream(levels.split(" ")).mapToInt(Integer::parseInt).toArray();
        byte[] gray = new byte[expected.length];
        for (int i = 0; i < gray.length; i++) {
            gray[i] = (byte) expected[i];
        }
        BufferedImage image = new BufferedImage(
                gray.length,
                1,
                BufferedImage.TYPE_BYTE_BINARY,
                new IndexColorModel(bits, gray.length, gray, gray, gray));
        for (int x = 0; x < gray.length; x++) {
            image.getRaster().setSample(x, 0, 0, x);
        }

        Image.Pixels pixels = decodeAsStored(Pictures.write(image, "png"));

        for (int x = 0; x < gray.length; x++) {
            assertThat(pixels.rgb()).contains(gray[x], Index.atIndex(3 * x));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "128, 0", "129, 1", "32767, 127", "32896, 128", "65406, 254", "65407, 255", "65535, 255"})
    void sixteenBitsAreScaledToEight(int stored, int expected) {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(0, 0, 0, stored);

        Image.Pixels pixels = decodeAsStored(Pictures.write(image, "png"));

        assertThat(pixels.rgb()).containsOnly(expected);
    }

    @Test
    void fiveBitColorsOfBmpAreScaledToEight() {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_555_RGB);
        image.getRaster().setPixel(0, 0, new int[] {31, 1, 16});

        assertThat(decodeAsStored(Pictures.write(image, "bmp")).rgb()).containsExactly(255, 8, 132);
    }

    @Test
    void gifPalettesAreExpandedAndTransparencyDropped() {
        byte[] red = {10, (byte) 200};
        byte[] green = {20, (byte) 210};
        byte[] blue = {30, (byte) 220};
        BufferedImage image =
                new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(1, 2, red, green, blue, 1));
        image.getRaster().setSample(1, 0, 0, 1); // the transparent one

        assertThat(decodeAsStored(Pictures.write(image, "gif")).rgb()).containsExactly(10, 20, 30, 200, 210, 220);
    }

    @Test
    void aPictureGivenByItsPixelsIsTakenAsItIs() {
        Image.Pixels ramps = Pictures.ramps();

        Image.Pixels pixels = ImageDecoder.decode(Image.rgb(ramps.width(), ramps.height(), ramps.rgb()));

        assertThat(pixels.rgb()).isEqualTo(ramps.rgb());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossless.webp", "profile.png", "cmyk.jpg"})
    void theContextClassLoaderDoesNotMatter(String file) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
            thread.setContextClassLoader(empty);
            assertThat(decodeAsStored(Pictures.resource(file)).width()).isEqualTo(Pictures.WIDTH);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** 16 x 16 black pixels without a bit each, and 17 x 9 in red and blue, with one bit each. */
    @Test
    void losslessWebpFilesWhoseLastBytesHoldManyPixels() {
        Image.Pixels black = decodeAsStored(Pictures.resource("lossless_black.webp"));
        assertThat(black.rgb()).isEqualTo(new byte[3 * 16 * 16]);

        Image.Pixels checks = decodeAsStored(Pictures.resource("lossless_checks.webp"));
        for (int i = 0; i < 17 * 9; i++) {
            int red = (i % 17 + i / 17) % 2 == 0 ? 0 : 0xFF;
            assertThat(checks.rgb()[3 * i] & 0xFF).isEqualTo(red);
            assertThat(checks.rgb()[3 * i + 2] & 0xFF).isEqualTo(0xFF - red);
        }
    }

    private static Image.Pixels decodeAsStored(byte[] encoded) {
        return ImageDecoder.decode(Image.encoded(encoded).ignoringOrientation());
    }

    private static void assertExact(byte[] encoded) {
        Image.Pixels pixels = decodeAsStored(encoded);
        assertThat(pixels.width()).isEqualTo(Pictures.WIDTH);
        assertThat(pixels.height()).isEqualTo(Pictures.HEIGHT);
        assertThat(pixels.rgb()).isEqualTo(Pictures.ramps().rgb());
    }

    private static int largestDifference(Image.Pixels found, Image.Pixels expected) {
        assertThat(found.width()).isEqualTo(expected.width());
        assertThat(found.height()).isEqualTo(expected.height());
        int largest = 0;
        for (int i = 0; i < expected.rgb().length; i++) {
            largest = Math.max(largest, Math.abs((found.rgb()[i] & 0xFF) - (expected.rgb()[i] & 0xFF)));
        }
        return largest;
    }
}

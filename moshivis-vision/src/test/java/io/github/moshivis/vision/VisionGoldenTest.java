package io.github.moshivis.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.moshivis.io.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The image path against the PyTorch reference: set {@code vision} of the golden data, whose README gives the tolerances. */
class VisionGoldenTest {
    /** The JDK decodes as libjpeg does. The golden README allows two levels to decoders that do otherwise. */
    private static final int JPEG_LEVELS = 2;

    private static final float PIXEL_VALUE_TOLERANCE = 1e-6f;

    private static final String VALUES = ".pixel_values";

    static Iterable<String> decoded() throws IOException {
        return golden("expected_decode").names();
    }

    static Iterable<String> resized() throws IOException {
        return golden("expected_resize").names();
    }

    static Iterable<String> cases() throws IOException {
        return golden("expected").names().stream()
                .filter(name -> name.endsWith(".resized"))
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("decoded")
    void picturesDecodeToTheReferencesPixels(String file) throws IOException {
        GoldenTensors expected = golden("expected_decode");

        Image.Pixels pixels = decodeAsTheReference(file);

        assertThat(new int[] {3, pixels.height(), pixels.width()}).isEqualTo(expected.shape(file));
        assertThat(largestDifference(planes(pixels), expected.bytes(file)))
                .isLessThanOrEqualTo(file.endsWith(".jpg") ? JPEG_LEVELS : 0);
    }

    @ParameterizedTest
    @MethodSource("resized")
    void picturesResizeToTheReferencesPixels(String fileAndSize) throws IOException {
        assertThat(planes(resizeAsNamed(fileAndSize)))
                .isEqualTo(golden("expected_resize").bytes(fileAndSize));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decodedAndResizedPicturesAreTheEncodersCases(String fileAndSize) throws IOException {
        byte[] resized = planes(resizeAsNamed(fileAndSize));

        assertThat(largestDifference(resized, golden("expected").bytes(fileAndSize + ".resized")))
                .isLessThanOrEqualTo(fileAndSize.contains(".jpg.") ? JPEG_LEVELS : 0);
    }

    @Test
    void pixelValuesAreTheReferences() throws IOException {
        GoldenTensors given = golden("inputs");
        List<String> withValues = new ArrayList<>();
        for (String fileAndSize : cases()) {
            if (given.names().contains(fileAndSize + VALUES)) {
                withValues.add(fileAndSize);
                Image.Pixels resized = interleaved(golden("expected"), fileAndSize + ".resized");

                assertThat(PixelValues.of(resized))
                        .as(fileAndSize)
                        .containsExactly(given.floats(fileAndSize + VALUES), within(PIXEL_VALUE_TOLERANCE));
            }
        }
        assertThat(withValues).as("cases whose pixel values are given").isNotEmpty();
    }

    @Test
    void aPictureFileBecomesTheReferencesPixelValues() throws IOException {
        GoldenTensors expected = GoldenTensors.open("e2e/expected_image.safetensors");
        int[] shape = expected.shape("pixel_values"); // [1, 3, H, W]
        Image.Pixels picture = decode(Path.of("e2e", "input.png"));

        float[] values = PixelValues.of(BicubicResize.resize(picture, shape[3], shape[2]));

        assertThat(values).containsExactly(expected.floats("pixel_values"), within(PIXEL_VALUE_TOLERANCE));
    }

    private static GoldenTensors golden(String name) throws IOException {
        return GoldenTensors.open("vision/" + name + ".safetensors");
    }

    /** {@code photo.png.56}: the file, resized to 56 x 56. */
    private static Image.Pixels resizeAsNamed(String fileAndSize) throws IOException {
        int dot = fileAndSize.lastIndexOf('.');
        int size = Integer.parseInt(fileAndSize.substring(dot + 1));
        return BicubicResize.resize(decodeAsTheReference(fileAndSize.substring(0, dot)), size, size);
    }

    private static Image.Pixels decodeAsTheReference(String file) throws IOException {
        return decode(Path.of("vision", "images", file));
    }

    private static Image.Pixels decode(Path file) throws IOException {
        return ImageDecoder.decode(
                Image.read(GoldenTensors.FOLDER.resolve(file)).ignoringOrientation());
    }

    /** [H, W, 3] -> [3, H, W]. */
    private static byte[] planes(Image.Pixels pixels) {
        int plane = pixels.width() * pixels.height();
        byte[] planes = new byte[3 * plane];
        for (int i = 0; i < planes.length; i++) {
            planes[i % 3 * plane + i / 3] = pixels.rgb()[i];
        }
        return planes;
    }

    /** [3, H, W] -> [H, W, 3]. */
    private static Image.Pixels interleaved(GoldenTensors tensors, String name) {
        byte[] planes = tensors.bytes(name);
        int[] shape = tensors.shape(name);
        byte[] rgb = new byte[planes.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = planes[i % 3 * (rgb.length / 3) + i / 3];
        }
        return new Image.Pixels(shape[2], shape[1], rgb);
    }

    private static int largestDifference(byte[] found, byte[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        int largest = 0;
        for (int i = 0; i < found.length; i++) {
            largest = Math.max(largest, Math.abs((found[i] & 0xFF) - (expected[i] & 0xFF)));
        }
        return largest;
    }
}

package io.github.moshivis.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.Image;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are no pictures, parts of pictures, hostile, or too large: a MediaException, whatever the reader underneath does. */
class BrokenPicturesTest {
    private static final int SEED = 20260822;

    static Iterable<Map.Entry<String, byte[]>> pictures() {
        Map<String, byte[]> pictures = new TreeMap<>();
        for (String format : new String[] {"png", "jpg", "gif", "bmp"}) {
            pictures.put(format, Pictures.write(format));
        }
        for (String file : new String[] {"lossy.webp", "animated.webp", "cmyk.jpg", "exif6.png"}) {
            pictures.put(file, Pictures.resource(file));
        }
        return pictures.entrySet();
    }

    /** A small file whose header states a giant. */
    record Giant(String format, String size, byte[] file) {
        @Override
        public String toString() {
            return format + " of " + size;
        }
    }

    static List<Giant> giants() {
        ByteBuffer png = ByteBuffer.allocate(45);
        png.put(Pictures.write("png"), 0, 16).putInt(50_000).putInt(50_000).put(new byte[] {8, 2, 0, 0, 0});
        byte[] sides = {(byte) 0xC3, 0x50, (byte) 0xC3, 0x50}; // 50,000 twice, high byte first
        byte[] littleSides = {0x50, (byte) 0xC3, 0x50, (byte) 0xC3};
        byte[] bmpSides = {0x20, 0x4E, 0, 0, 0x20, 0x4E, 0, 0
        }; // 20,000: more overflows what the file may state as its size
        byte[] bmp = Pictures.patched(Pictures.write("bmp"), ascii("BM"), 18, bmpSides);
        byte[] bmpFileSize = {-1, -1, -1, 0x7F};
        byte[] webpSides = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F}; // 14 bits each
        byte[] frame = {(byte) 0xFF, (byte) 0xC0};
        byte[] imageAtOrigin = {',', 0, 0, 0, 0};
        return List.of(
                new Giant("PNG", "50000 x 50000", png.array()),
                new Giant("JPEG", "50000 x 50000", Pictures.patched(Pictures.write("jpg"), frame, 5, sides)),
                new Giant(
                        "GIF", "50000 x 50000", Pictures.patched(Pictures.write("gif"), imageAtOrigin, 5, littleSides)),
                new Giant("BMP", "20000 x 20000", Pictures.patched(bmp, ascii("BM"), 2, bmpFileSize)),
                new Giant(
                        "WebP",
                        "16384 x 16384",
                        Pictures.patched(Pictures.resource("lossless.webp"), ascii("VP8L"), 9, webpSides)));
    }

    @Test
    void noBytesAreNoPicture() {
        assertThatThrownBy(() -> decode(new byte[0]))
                .isInstanceOf(MediaException.class)
                .hasMessageContainingAll("Cannot decode", "no bytes at all", "PNG, JPEG, WebP, GIF, BMP", "Convert");
    }

    @Test
    void aTextIsNoPictureAndTheMessageNamesTheFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("photo.jpg"), "Hello, this is no picture");

        assertThatThrownBy(() -> ImageDecoder.decode(Image.read(file)))
                .isInstanceOf(MediaException.class)
                .hasMessageContainingAll(
                        file.toAbsolutePath().toString(),
                        "found text, perhaps a server's error message",
                        "PNG, JPEG, WebP, GIF, BMP",
                        "Look into the file, and download the picture again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossless_checks.webp", "lossy.webp"})
    void aBitstreamThatEndsEarlyInAWholeContainer(String file) {
        byte[] whole = Pictures.resource(file);
        byte[] cut = Arrays.copyOf(whole, whole.length - 4);
        cut[4] -= 4;
        cut[16] -= 4;
        assertThatThrownBy(() -> ImageDecoder.decode(Image.encoded(cut)))
                .isInstanceOf(MediaException.class)
                .hasMessageContaining("the data ends before the picture does");
    }

    @ParameterizedTest
    @MethodSource("giants")
    void aGiantIsRefusedByItsHeaderAlone(Giant giant) {
        Image image = Image.encoded(giant.file());
        assertThatThrownBy(() -> ImageDecoder.decode(image)); // once before, for the classes that it loads
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        assertThatThrownBy(() -> ImageDecoder.decode(image))
                .isInstanceOf(MediaException.class)
                .hasMessageContainingAll(
                        "found " + giant.size() + " pixels",
                        "expected at most " + ImageDecoder.MAX_PIXELS + " pixels in all",
                        "Scale the picture down");

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void aTruncatedPictureIsRefusedAndNeverHalfDecoded(Map.Entry<String, byte[]> picture) {
        Image.Pixels whole = decode(picture.getValue());
        int refused = 0;
        for (int length = 0; length < picture.getValue().length; length++) {
            try {
                // What follows the last pixel, such as PNG's end chunk, may be missing.
                assertThat(decode(Arrays.copyOf(picture.getValue(), length)).rgb())
                        .isEqualTo(whole.rgb());
            } catch (MediaException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(picture.getValue().length / 3);
    }

    @Test
    void commentsOfAGifAreNotLookedAt() throws Exception {
        byte[] plain = Pictures.write("gif");
        byte[] first = GifFirstFrame.of(plain);
        int screen = 0;
        while (plain[screen] != '!' && plain[screen] != ',' || screen < 13 + 3 * 256) {
            screen++;
        }
        ByteBuffer comments = ByteBuffer.allocate(plain.length + 300_000);
        comments.put(plain, 0, screen);
        for (int i = 0; i < 100_000; i++) {
            comments.put(new byte[] {'!', (byte) 0xFE, 0});
        }
        comments.put(plain, screen, plain.length - screen);

        assertThat(GifFirstFrame.of(comments.array())).isEqualTo(first);
        assertThat(decode(first).rgb()).isEqualTo(decode(plain).rgb());
    }

    @Test
    void theMessageForDamageSaysWhatToDo() {
        byte[] half = Arrays.copyOf(Pictures.write("png"), 60);

        assertThatThrownBy(() -> decode(half))
                .isInstanceOf(MediaException.class)
                .hasMessageContainingAll(
                        "Cannot decode picture of 60 bytes",
                        "PNG file that is truncated, damaged or of a rare kind",
                        "expected a complete one",
                        "export the picture again")
                .hasCauseInstanceOf(Exception.class);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void randomDamageGivesAPictureOrAMediaException(Map.Entry<String, byte[]> picture) {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            byte[] damaged = picture.getValue().clone();
            for (int i = 0; i < 3; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                decode(damaged);
            } catch (MediaException expected) {
                assertThat(expected).hasMessageContaining("Cannot decode");
            } catch (Throwable other) {
                fail("round " + round + " of seed " + SEED + " on " + picture.getKey(), other);
            }
        }
    }

    @Test
    void aBmpThatWrapsAnotherFormatIsRefused() {
        byte[] bmp = Pictures.write("bmp");
        bmp[30] = 5; // BI_PNG

        assertThatThrownBy(() -> decode(bmp))
                .isInstanceOf(MediaException.class)
                .hasMessageContainingAll("BMP", "wraps a JPEG or PNG");
    }

    @Test
    void aBmpWithoutSizesIsReadToItsEnd() {
        byte[] bmp = Pictures.write("bmp");
        byte[] streamed = bmp.clone();
        Arrays.fill(streamed, 2, 6, (byte) 0); // size of the file
        Arrays.fill(streamed, 34, 38, (byte) 0); // size of the pixels

        assertThat(decode(streamed).rgb()).isEqualTo(decode(bmp).rgb());
    }

    @ParameterizedTest
    @CsvSource({"vp8l-80bytes.webp, the data ends", "scan100.jpg, more than", "thin13.png, at most 32768 pixels a side"
    })
    void aSmallFileThatAsksForMuchWorkIsRefused(String file, String reason) {
        byte[] bomb = Pictures.resource(file);

        assertThatThrownBy(() -> decode(bomb))
                .isInstanceOf(MediaException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void decodingEndsWhenItsThreadIsInterrupted() {
        byte[] png = Pictures.write("png");

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> decode(png)).isInstanceOf(MediaException.class).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();
    }

    @Test
    void decodingEndsAtItsDeadline() {
        DecodingLimits limits = new DecodingLimits(Duration.ZERO);

        assertThatThrownBy(limits::check)
                .isInstanceOf(InterruptedIOException.class)
                .hasMessageContaining("longer than");
    }

    @ParameterizedTest
    @MethodSource("foreignFiles")
    void aForeignFormatIsNamedWithItsRemedy(byte[] file, String name, String remedy) {
        assertThatThrownBy(() -> decode(file))
                .isInstanceOf(MediaException.class)
                .hasMessageContainingAll("found " + name, remedy);
    }

    static Stream<Arguments> foreignFiles() {
        return Stream.of(
                Arguments.of(Pictures.resource("heic_head.jpg"), "a HEIC picture", "Convert it to JPEG or PNG"),
                Arguments.of(ascii("\0\0\0\34ftypavif"), "an AVIF picture", "Convert it to JPEG or PNG"),
                Arguments.of(ascii("II*\0rest"), "a TIFF picture", "Convert it to JPEG or PNG"),
                Arguments.of(ascii("%PDF-1.7"), "a PDF document", "Convert it to JPEG or PNG"),
                Arguments.of(ascii("version https://git-lfs.github.com/spec/v1"), "a Git LFS pointer", "git lfs pull"),
                Arguments.of(ascii("\n <!DOCTYPE html>"), "a web page", "not the page that shows it"),
                Arguments.of(ascii("{\"error\":\"gone\"}"), "JSON text", "download the picture again"),
                Arguments.of(ascii("<?xml version='1.0'?><Error/>"), "XML text", "download the picture again"),
                Arguments.of(ascii("fLaC\0\0"), "a FLAC file", "the sound as a source"),
                Arguments.of(ascii("\1\2\3"), "3 bytes that begin with 01 02 03", "Convert the picture"),
                Arguments.of(ascii("GGUF\3"), "a model file", "MoshiVis.load"));
    }

    private static Image.Pixels decode(byte[] encoded) {
        return ImageDecoder.decode(Image.encoded(encoded));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

package io.github.moshivis.vision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.io.Image;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upright pictures from the eight ways in which cameras store them. */
class OrientationTest {
    /** A scene that looks like "ab/cd/ef" (two columns, three rows) when upright, as each code's camera stores it. */
    @ParameterizedTest
    @CsvSource({
        "UPRIGHT, ab/cd/ef",
        "MIRRORED, ba/dc/fe",
        "UPSIDE_DOWN, fe/dc/ba",
        "FLIPPED, ef/cd/ab",
        "TRANSPOSED, ace/bdf",
        "QUARTER_TURN_CLOCKWISE, bdf/ace",
        "TRANSVERSED, fdb/eca",
        "QUARTER_TURN_COUNTER_CLOCKWISE, eca/fdb"
    })
    void theStoredPictureIsTurnedUpright(Orientation orientation, String stored) {
        Image.Pixels upright = orientation.upright(picture(stored));

        assertThat(upright.width()).isEqualTo(2);
        assertThat(upright.height()).isEqualTo(3);
        assertThat(upright.rgb()).isEqualTo(picture("ab/cd/ef").rgb());
    }

    @ParameterizedTest
    @EnumSource
    void eachCodeIsReadFromJpegFilesInBothByteOrders(Orientation orientation) {
        byte[] jpeg = Pictures.write("jpg");
        Image.Pixels expected = orientation.upright(ImageDecoder.decode(Image.encoded(jpeg)));
        for (boolean littleEndian : new boolean[] {true, false}) {
            byte[] turned = Pictures.withOrientation(jpeg, orientation.ordinal() + 1, littleEndian);

            Image.Pixels found = ImageDecoder.decode(Image.encoded(turned));

            assertThat(found.width()).isEqualTo(expected.width());
            assertThat(found.rgb()).isEqualTo(expected.rgb());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exif6.png", "lossless_exif6.webp"})
    void pngAndWebpFilesAreTurnedToo(String file) {
        Image.Pixels expected = Orientation.QUARTER_TURN_CLOCKWISE.upright(Pictures.ramps());

        Image.Pixels found = ImageDecoder.decode(Image.encoded(Pictures.resource(file)));

        assertThat(found.width()).isEqualTo(Pictures.HEIGHT);
        assertThat(found.rgb()).isEqualTo(expected.rgb());
    }

    @Test
    void theOrientationIsIgnoredOnRequest() {
        byte[] turned = Pictures.withOrientation(Pictures.write("jpg"), 6, false);

        Image.Pixels found = ImageDecoder.decode(Image.encoded(turned).ignoringOrientation());

        assertThat(found.width()).isEqualTo(Pictures.WIDTH);
        assertThat(found.rgb())
                .isEqualTo(ImageDecoder.decode(Image.encoded(Pictures.write("jpg")))
                        .rgb());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, -1})
    void unknownCodesChangeNothing(int code) {
        byte[] jpeg = Pictures.withOrientation(Pictures.write("jpg"), code, false);

        assertThat(ImageDecoder.decode(Image.encoded(jpeg)).width()).isEqualTo(Pictures.WIDTH);
    }

    @Test
    void damagedExifDoesNotSpoilThePicture() {
        assertThat(Orientation.read("no TIFF structure".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(Orientation.UPRIGHT);
        assertThat(Orientation.read(new byte[0])).isEqualTo(Orientation.UPRIGHT);
    }

    /** One letter a pixel, rows separated by slashes. */
    private static Image.Pixels picture(String letters) {
        String[] rows = letters.split("/");
        byte[] rgb = new byte[3 * rows.length * rows[0].length()];
        int i = 0;
        for (String row : rows) {
            for (char letter : row.toCharArray()) {
                rgb[i++] = (byte) letter;
                rgb[i++] = (byte) (letter + 1);
                rgb[i++] = (byte) (letter + 2);
            }
        }
        return new Image.Pixels(rows[0].length(), rows.length, rgb);
    }
}

package io.github.moshivis.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.io.Image;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Properties of the resize; its equality with torch is in {@link VisionGoldenTest}. */
class BicubicResizeTest {
    @Test
    void theSameSizeIsTheSamePicture() {
        Image.Pixels ramps = Pictures.ramps();

        assertThat(BicubicResize.resize(ramps, ramps.width(), ramps.height()).rgb())
                .isEqualTo(ramps.rgb());
    }

    @Test
    void oneUnchangedSideIsResizedAsIfItsPassHadRun() {
        // Widening, then heightening, is what both passes together do.
        Image.Pixels both = BicubicResize.resize(Pictures.ramps(), 13, 57);
        Image.Pixels inTurn = BicubicResize.resize(BicubicResize.resize(Pictures.ramps(), 13, Pictures.HEIGHT), 13, 57);

        assertThat(inTurn.rgb()).isEqualTo(both.rgb());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 90", "64, 3", "200, 200"})
    void aPlainColorStaysPlainAtAnySize(int width, int height) {
        byte[] plain = new byte[3 * 31 * 17];
        Arrays.fill(plain, (byte) 200);

        Image.Pixels resized = BicubicResize.resize(new Image.Pixels(31, 17, plain), width, height);

        assertThat(resized.width()).isEqualTo(width);
        assertThat(resized.height()).isEqualTo(height);
        // Fixed-point weights need not sum to exactly one: a level may be lost in each pass.
        for (byte value : resized.rgb()) {
            assertThat(value & 0xFF).isBetween(198, 202);
        }
    }

    @Test
    void overshootIsClampedAndDoesNotWrapAround() {
        byte[] edge = new byte[3 * 8];
        Arrays.fill(edge, 12, 24, (byte) 255); // black, then white

        Image.Pixels resized = BicubicResize.resize(new Image.Pixels(8, 1, edge), 32, 1);

        for (int x = 1; x < 32; x++) {
            int before = resized.rgb()[3 * (x - 1)] & 0xFF;
            assertThat(resized.rgb()[3 * x] & 0xFF).isGreaterThanOrEqualTo(before);
        }
    }

    @Test
    void aSizeMustBePositive() {
        assertThatThrownBy(() -> BicubicResize.resize(Pictures.ramps(), 0, 56))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("0 x 56", "at least 1", "choose a larger image size");
    }

    @Test
    @Tag("stress") // six billion products
    void aTallPictureNeedsLittleMoreThanItsPixels() {
        Image.Pixels tall = new Image.Pixels(1, 1 << 20, new byte[3 << 20]);

        assertThat(BicubicResize.resize(tall, 448, 448).rgb())
                .isEqualTo(new byte[3 * 448 * 448]); // 1.4 GB as 448 columns of full height
    }
}

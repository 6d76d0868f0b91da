package io.github.moshivis.vision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.io.Image;
import org.junit.jupiter.api.Test;

class CenterCropTest {
    /** A picture whose pixels say where they are. */
    private static Image.Pixels numbered(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            rgb[3 * i] = (byte) (i % width);
            rgb[3 * i + 1] = (byte) (i / width);
        }
        return new Image.Pixels(width, height, rgb);
    }

    private static void showsFrom(Image.Pixels square, int side, int left, int top) {
        assertThat(square.width()).isEqualTo(side);
        assertThat(square.height()).isEqualTo(side);
        for (int i = 0; i < side * side; i++) {
            assertThat(square.rgb()[3 * i]).isEqualTo((byte) (left + i % side));
            assertThat(square.rgb()[3 * i + 1]).isEqualTo((byte) (top + i / side));
        }
    }

    @Test
    void cutsTheSidesOfAWidePictureAndTheEndsOfATallOne() {
        showsFrom(SiglipEncoder.centerSquare(numbered(10, 4)), 4, 3, 0);
        showsFrom(SiglipEncoder.centerSquare(numbered(4, 10)), 4, 0, 3);
        showsFrom(SiglipEncoder.centerSquare(numbered(7, 4)), 4, 1, 0);
        showsFrom(SiglipEncoder.centerSquare(numbered(1, 9)), 1, 0, 4);
    }

    @Test
    void leavesASquareAsItIs() {
        Image.Pixels square = numbered(5, 5);
        assertThat(SiglipEncoder.centerSquare(square)).isSameAs(square);
    }
}

package io.github.moshivis.vision;

import io.github.moshivis.io.Image;
import java.util.Arrays;

/**
 * Resizes 8-bit pixels exactly as torch does with antialiased bicubic interpolation ({@code upsample_bicubic2d_aa} on uint8, file
 * {@code UpSampleKernel.cpp}; the algorithm is Pillow's with fewer bits): two passes from bytes to bytes, along the width, then
 * along the height, with 16-bit fixed-point weights and a clamp to 0..255 after each. Computing in floating point with one rounding
 * at the end gives other pixels, by up to 9 levels next to edges.
 */
final class BicubicResize {
    private BicubicResize() {}

    /**
     * Returns the picture at another size; the aspect ratio is not preserved.
     *
     * @param source any size
     * @param width of the result, in pixels, at least 1
     * @param height of the result, in pixels, at least 1
     * @return the resized picture; the source itself if it has this size
     * @throws IllegalArgumentException if the size is not positive
     */
    static Image.Pixels resize(Image.Pixels source, int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("Cannot resize a picture to " + width + " x " + height
                    + " pixels: both must be at least 1; choose a larger image size");
        }
        if (source.width() == width && source.height() == height) {
            return source; // at equal size a pass is the identity: its only weight is 1
        }
        Rows rows = new Rows(source, width);
        BicubicTaps taps = BicubicTaps.of(source.height(), height);
        int rowLength = 3 * width;
        byte[] out = new byte[rowLength * height]; // [H, W, 3] -> [height, width, 3]
        int[] sums = new int[rowLength];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, taps.half());
            int[] weights = taps.weights(y);
            rows.keep(weights.length);
            for (int j = 0; j < weights.length; j++) {
                byte[] row = rows.row(taps.first(y) + j);
                for (int i = 0; i < rowLength; i++) {
                    sums[i] += weights[j] * (row[i] & 0xFF);
                }
            }
            for (int i = 0; i < rowLength; i++) {
                out[rowLength * y + i] = taps.toByte(sums[i]);
            }
        }
        return new Image.Pixels(width, height, out);
    }

    /**
     * The rows after the pass along the width, made when they are first asked for. Only as many are kept as one output row needs, so
     * that a tall picture needs no more memory than its pixels.
     */
    private static final class Rows {
        private final Image.Pixels source;
        private final int width;
        private final BicubicTaps taps;
        private byte[][] kept = {};
        private int[] numbers = {};

        Rows(Image.Pixels source, int width) {
            this.source = source;
            this.width = width;
            this.taps = BicubicTaps.of(source.width(), width);
        }

        /** Makes room for at least this many neighbors. */
        void keep(int count) {
            if (count > kept.length) {
                kept = new byte[count][3 * width];
                numbers = new int[count];
                Arrays.fill(numbers, -1);
            }
        }

        byte[] row(int y) {
            int slot = y % kept.length;
            if (numbers[slot] != y) {
                numbers[slot] = y;
                fill(y, kept[slot]);
            }
            return kept[slot];
        }

        private void fill(int y, byte[] out) {
            byte[] in = source.rgb();
            int row = 3 * y * source.width();
            for (int x = 0; x < width; x++) {
                int at = row + 3 * taps.first(x);
                int red = taps.half();
                int green = taps.half();
                int blue = taps.half();
                for (int weight : taps.weights(x)) {
                    red += weight * (in[at] & 0xFF);
                    green += weight * (in[at + 1] & 0xFF);
                    blue += weight * (in[at + 2] & 0xFF);
                    at += 3;
                }
                out[3 * x] = taps.toByte(red);
                out[3 * x + 1] = taps.toByte(green);
                out[3 * x + 2] = taps.toByte(blue);
            }
        }
    }
}

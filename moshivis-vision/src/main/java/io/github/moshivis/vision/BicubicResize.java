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
     * The picture at another size; its aspect ratio is not kept.
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
        // At equal size a pass is the identity: its only weight is 1.
        byte[] wide = source.width() == width ? source.rgb() : alongWidth(source, width);
        byte[] rgb = source.height() == height ? wide : alongHeight(wide, width, source.height(), height);
        return new Image.Pixels(width, height, rgb);
    }

    private static byte[] alongWidth(Image.Pixels source, int width) {
        BicubicTaps taps = BicubicTaps.of(source.width(), width);
        byte[] in = source.rgb();
        byte[] out = new byte[3 * width * source.height()]; // [H, W, 3] -> [H, width, 3]
        for (int y = 0; y < source.height(); y++) {
            int row = 3 * y * source.width();
            for (int x = 0; x < width; x++) {
                int[] weights = taps.weights(x);
                int at = row + 3 * taps.first(x);
                int red = taps.half();
                int green = taps.half();
                int blue = taps.half();
                for (int weight : weights) {
                    red += weight * (in[at] & 0xFF);
                    green += weight * (in[at + 1] & 0xFF);
                    blue += weight * (in[at + 2] & 0xFF);
                    at += 3;
                }
                int to = 3 * (y * width + x);
                out[to] = taps.toByte(red);
                out[to + 1] = taps.toByte(green);
                out[to + 2] = taps.toByte(blue);
            }
        }
        return out;
    }

    private static byte[] alongHeight(byte[] in, int width, int inHeight, int height) {
        BicubicTaps taps = BicubicTaps.of(inHeight, height);
        int rowLength = 3 * width;
        byte[] out = new byte[rowLength * height]; // [H, width, 3] -> [height, width, 3]
        int[] sums = new int[rowLength];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, taps.half());
            int at = rowLength * taps.first(y);
            for (int weight : taps.weights(y)) {
                for (int i = 0; i < rowLength; i++) {
                    sums[i] += weight * (in[at + i] & 0xFF);
                }
                at += rowLength;
            }
            for (int i = 0; i < rowLength; i++) {
                out[rowLength * y + i] = taps.toByte(sums[i]);
            }
        }
        return out;
    }
}

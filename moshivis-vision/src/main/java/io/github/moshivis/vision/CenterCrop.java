package io.github.moshivis.vision;

import io.github.moshivis.io.Image;

/** Cuts the largest square out of the middle of a picture, as the Rust reference's {@code center_crop} does. */
final class CenterCrop {
    private CenterCrop() {}

    /**
     * The square in the middle; of an odd surplus the larger half is cut off at the right or the bottom.
     *
     * @param source any size
     * @return a copy; the source itself if it is square
     */
    static Image.Pixels square(Image.Pixels source) {
        int side = Math.min(source.width(), source.height());
        if (source.width() == source.height()) {
            return source;
        }
        int left = (source.width() - side) / 2;
        int top = (source.height() - side) / 2;
        byte[] rgb = new byte[3 * side * side]; // [H, W, 3] -> [side, side, 3]
        for (int y = 0; y < side; y++) {
            int from = 3 * ((top + y) * source.width() + left);
            System.arraycopy(source.rgb(), from, rgb, 3 * side * y, 3 * side);
        }
        return new Image.Pixels(side, side, rgb);
    }
}

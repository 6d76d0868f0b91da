package io.github.moshivis.vision;

import io.github.moshivis.io.Image;

/**
 * Input values of the encoder: {@code (v * (1/255) - 0.5) / 0.5}, in [-1, 1], each operation rounded to float32 as in the reference
 * (transformers' SigLIP preprocessing with mean and deviation 0.5). Dividing by 255 instead would differ in the last bit.
 */
final class PixelValues {
    private static final float RESCALE = 1f / 255;
    private static final float MEAN = 0.5f;
    private static final float DEVIATION = 0.5f;
    private static final float[] TABLE = table();

    private PixelValues() {}

    /**
     * The values of a picture, one plane a color.
     *
     * @param pixels [H, W, 3] bytes
     * @return [3, H, W], red plane first
     */
    static float[] of(Image.Pixels pixels) {
        byte[] rgb = pixels.rgb();
        int plane = rgb.length / 3;
        float[] values = new float[rgb.length]; // [H, W, 3] -> [3, H, W]
        for (int i = 0; i < plane; i++) {
            values[i] = TABLE[rgb[3 * i] & 0xFF];
            values[plane + i] = TABLE[rgb[3 * i + 1] & 0xFF];
            values[2 * plane + i] = TABLE[rgb[3 * i + 2] & 0xFF];
        }
        return values;
    }

    private static float[] table() {
        float[] values = new float[256];
        for (int v = 0; v < values.length; v++) {
            values[v] = (v * RESCALE - MEAN) / DEVIATION;
        }
        return values;
    }
}

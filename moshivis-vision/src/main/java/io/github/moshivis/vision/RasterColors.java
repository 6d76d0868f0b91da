package io.github.moshivis.vision;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import javax.imageio.IIOException;

/**
 * RGB from the samples as they are stored: {@link BufferedImage#getRGB} would convert gray and profiled pictures through color
 * spaces, which the reference does not. Transparency is dropped, not blended; gray is repeated; palettes are expanded; samples of
 * other than 8 bits are scaled so that the largest becomes 255.
 */
final class RasterColors {
    private RasterColors() {}

    /** Three bytes a pixel, row by row. */
    static byte[] rgb(BufferedImage image) throws IIOException {
        return image.getColorModel() instanceof IndexColorModel palette ? expanded(image, palette) : direct(image);
    }

    private static byte[] expanded(BufferedImage image, IndexColorModel palette) throws IIOException {
        int width = image.getWidth();
        byte[] rgb = new byte[3 * width * image.getHeight()];
        int[] row = new int[width];
        int out = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRaster().getSamples(0, y, width, 1, 0, row);
            for (int index : row) {
                if (index >= palette.getMapSize()) {
                    throw new IIOException("color " + index + " of a palette of " + palette.getMapSize());
                }
                rgb[out++] = (byte) palette.getRed(index);
                rgb[out++] = (byte) palette.getGreen(index);
                rgb[out++] = (byte) palette.getBlue(index);
            }
        }
        return rgb;
    }

    private static byte[] direct(BufferedImage image) {
        Raster raster = image.getRaster();
        ColorModel colors = image.getColorModel();
        boolean gray = colors.getNumColorComponents() == 1;
        int width = image.getWidth();
        byte[] rgb = new byte[3 * width * image.getHeight()];
        int[] row = new int[width];
        for (int band = 0; band < 3; band++) {
            int source = gray ? 0 : band;
            int largest = (1 << raster.getSampleModel().getSampleSize(source)) - 1;
            for (int y = 0; y < image.getHeight(); y++) {
                raster.getSamples(0, y, width, 1, source, row);
                for (int x = 0; x < width; x++) {
                    rgb[3 * (y * width + x) + band] = (byte) ((row[x] * 255 + largest / 2) / largest);
                }
            }
        }
        return rgb;
    }
}

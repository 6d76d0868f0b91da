package io.github.moshivis.vision;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * One ImageIO reader over bytes in memory. The reader is chosen here and not by {@link ImageIO}, whose choice depends on the
 * application's class path and context class loader: the JDK's own, and TwelveMonkeys' for WebP. Metadata are ignored, so that a
 * damaged or hostile text chunk or color profile is not even looked at; nothing is cached on disk.
 */
final class PictureReader implements AutoCloseable {
    /** Reads past the end of a file: the one that finds it. */
    private static final int READS_PAST_END = 1;

    private final ImageReader reader;
    private final ImageInputStream input;
    private final DecodingLimits limits = new DecodingLimits(DecodingLimits.MAX_TIME);

    /**
     * Opens a picture; nothing is decoded yet.
     *
     * @throws IIOException if the JDK's reader has been removed from ImageIO's registry
     */
    PictureReader(PictureFormat format, byte[] encoded) throws IOException {
        ImageReaderSpi provider = format == PictureFormat.WEBP ? new WebPImageReaderSpi() : ofTheJdk(format);
        reader = provider.createReaderInstance();
        input = limits.input(encoded, format == PictureFormat.WEBP ? WebpContainer.READS_PAST_END : READS_PAST_END);
        reader.setInput(input, true, true);
        limits.watch(reader);
    }

    private static ImageReaderSpi ofTheJdk(PictureFormat format) throws IIOException {
        String name = format.name().toLowerCase(Locale.ROOT);
        Iterator<ImageReaderSpi> providers = IIORegistry.getDefaultInstance()
                .getServiceProviders(
                        ImageReaderSpi.class,
                        provider -> provider.getClass().getModule() == ImageIO.class.getModule()
                                && Arrays.asList(((ImageReaderSpi) provider).getFormatNames())
                                        .contains(name),
                        true);
        if (!providers.hasNext()) {
            throw new IIOException("the JDK's " + format + " reader has been removed from javax.imageio's registry");
        }
        return providers.next();
    }

    /** The width that the header states, in pixels. */
    int width() throws IOException {
        return reader.getWidth(0);
    }

    /** The height that the header states, in pixels. */
    int height() throws IOException {
        return reader.getHeight(0);
    }

    /** Decodes to three bytes a pixel, row by row. */
    byte[] rgb() throws IOException {
        BufferedImage image = reader.read(0);
        limits.check(); // a reader that was aborted returns what it has
        return RasterColors.rgb(image);
    }

    /** Decodes a JPEG file's components, which ImageIO would convert through color profiles or refuse, and converts them. */
    byte[] rgb(JpegColors colors) throws IOException {
        Raster raster = reader.readRaster(0, null);
        limits.check();
        if (raster.getNumBands() != colors.components()) {
            throw new IIOException(raster.getNumBands() + " components decoded, " + colors.components() + " described");
        }
        byte[] stored = ((DataBufferByte) raster.getDataBuffer()).getData(); // interleaved, without padding
        int pixels = raster.getWidth() * raster.getHeight();
        byte[] rgb = colors.components() == 3 ? stored : new byte[3 * pixels]; // in place where it fits
        for (int i = 0; i < pixels; i++) {
            colors.toRgb(stored, colors.components() * i, rgb, 3 * i);
        }
        return rgb;
    }

    @Override
    public void close() throws IOException {
        reader.dispose();
        input.close();
    }
}

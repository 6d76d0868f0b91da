package io.github.moshivis.vision;

import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import io.github.moshivis.io.Image;

/**
 * The EXIF orientation (tag 0x0112 of the first directory), in the order of its codes 1 to 8. Each is a transformation from stored pixels
 * to the upright picture.
 */
enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(false, true, false),
    UPSIDE_DOWN(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    QUARTER_TURN_CLOCKWISE(true, false, true),
    TRANSVERSED(true, true, true),
    QUARTER_TURN_COUNTER_CLOCKWISE(true, true, false);

    private final boolean swapsAxes;
    private final boolean reversesColumns;
    private final boolean reversesRows;

    Orientation(boolean swapsAxes, boolean reversesColumns, boolean reversesRows) {
        this.swapsAxes = swapsAxes;
        this.reversesColumns = reversesColumns;
        this.reversesRows = reversesRows;
    }

    /**
     * Returns the orientation in EXIF data.
     *
     * @param exif a TIFF structure, as EXIF segments hold it
     * @return the orientation; {@link #UPRIGHT} where the data state none, state an unknown one, or cannot be read: damaged EXIF
     *     does not make a picture unusable
     */
    static Orientation read(byte[] exif) {
        Metadata metadata = new Metadata();
        new ExifReader().extract(new ByteArrayReader(exif), metadata);
        ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
        Integer code = directory == null ? null : directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
        return code == null || code < 1 || code > values().length ? UPRIGHT : values()[code - 1];
    }

    /** The upright picture. */
    Image.Pixels upright(Image.Pixels stored) {
        if (this == UPRIGHT) {
            return stored;
        }
        int width = swapsAxes ? stored.height() : stored.width();
        int height = swapsAxes ? stored.width() : stored.height();
        byte[] rgb = new byte[stored.rgb().length];
        int out = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int column = swapsAxes ? y : x;
                int row = swapsAxes ? x : y;
                column = reversesColumns ? stored.width() - 1 - column : column;
                row = reversesRows ? stored.height() - 1 - row : row;
                int in = 3 * (row * stored.width() + column);
                rgb[out++] = stored.rgb()[in];
                rgb[out++] = stored.rgb()[in + 1];
                rgb[out++] = stored.rgb()[in + 2];
            }
        }
        return new Image.Pixels(width, height, rgb);
    }
}

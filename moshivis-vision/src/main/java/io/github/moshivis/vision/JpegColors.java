package io.github.moshivis.vision;

import java.util.Arrays;
import java.util.Optional;
import javax.imageio.IIOException;

/**
 * The color models of JPEG files and their conversion to RGB, with the rules and the fixed-point arithmetic of libjpeg
 * ({@code jdapimin.c}, {@code jdcolor.c}), so that pixels come out as the reference decodes them. ICC profiles are not applied.
 */
enum JpegColors {
    GRAY(1) {
        @Override
        void toRgb(byte[] in, int i, byte[] out, int o) {
            out[o] = in[i];
            out[o + 1] = in[i];
            out[o + 2] = in[i];
        }
    },
    RGB(3) {
        @Override
        void toRgb(byte[] in, int i, byte[] out, int o) {
            out[o] = in[i];
            out[o + 1] = in[i + 1];
            out[o + 2] = in[i + 2];
        }
    },
    YCBCR(3) {
        @Override
        void toRgb(byte[] in, int i, byte[] out, int o) {
            int y = in[i] & 0xFF;
            int cb = (in[i + 1] & 0xFF) - CENTRE;
            int cr = (in[i + 2] & 0xFF) - CENTRE;
            out[o] = clamp(y + (CR_TO_RED * cr + HALF >> FRACTION_BITS));
            out[o + 1] = clamp(y + (-CB_TO_GREEN * cb - CR_TO_GREEN * cr + HALF >> FRACTION_BITS));
            out[o + 2] = clamp(y + (CB_TO_BLUE * cb + HALF >> FRACTION_BITS));
        }
    },
    /** Stored inverted (255 is no ink), as Adobe's programs do and the reference assumes of every file. */
    CMYK(4) {
        @Override
        void toRgb(byte[] in, int i, byte[] out, int o) {
            int k = in[i + 3] & 0xFF;
            for (int c = 0; c < 3; c++) {
                out[o + c] = (byte) (k - productOver255(k, 255 - (in[i + c] & 0xFF)));
            }
        }
    },
    /** The first three components hold 255 minus the inverted inks, as YCbCr. */
    YCCK(4) {
        @Override
        void toRgb(byte[] in, int i, byte[] out, int o) {
            int k = in[i + 3] & 0xFF;
            YCBCR.toRgb(in, i, out, o);
            for (int c = 0; c < 3; c++) {
                out[o + c] = (byte) (k - productOver255(k, out[o + c] & 0xFF));
            }
        }
    };

    private static final int CENTRE = 128;
    private static final int FRACTION_BITS = 16;
    private static final int HALF = 1 << FRACTION_BITS - 1;
    /** The factors of ITU-R BT.601, full range. */
    private static final int CR_TO_RED = fixed(1.40200);

    private static final int CB_TO_BLUE = fixed(1.77200);
    private static final int CR_TO_GREEN = fixed(0.71414);
    private static final int CB_TO_GREEN = fixed(0.34414);

    /** Adobe's color transform codes. */
    private static final int ADOBE_UNTRANSFORMED = 0;

    private final int components;

    JpegColors(int components) {
        this.components = components;
    }

    /** The number of samples a pixel. */
    int components() {
        return components;
    }

    /**
     * Converts one pixel. Input and output may be the same array at the same place.
     *
     * @param in samples as stored, from index {@code i}
     * @param out receives red, green, blue from index {@code o}
     */
    abstract void toRgb(byte[] in, int i, byte[] out, int o);

    /**
     * The color model of a file.
     *
     * @param componentIds identifiers in the frame header
     * @param jfif whether the file says it is JFIF
     * @param adobe the color transform that an Adobe segment states
     * @throws IIOException if there is no model for this number of components
     */
    static JpegColors of(int[] componentIds, boolean jfif, Optional<Integer> adobe) throws IIOException {
        boolean untransformed = adobe.isPresent() && adobe.get() == ADOBE_UNTRANSFORMED;
        switch (componentIds.length) {
            case 1:
                return GRAY;
            case 3:
                boolean namedRgb = adobe.isEmpty() && Arrays.equals(componentIds, new int[] {'R', 'G', 'B'});
                return !jfif && (untransformed || namedRgb) ? RGB : YCBCR;
            case 4:
                return adobe.isEmpty() || untransformed ? CMYK : YCCK;
            default:
                throw new IIOException("a frame of " + componentIds.length + " components has no color model");
        }
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << FRACTION_BITS) + 0.5);
    }

    private static byte clamp(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }

    /** {@code a * b / 255}, rounded, without a division; exact for bytes. */
    private static int productOver255(int a, int b) {
        int product = a * b + 128;
        return (product >> 8) + product >> 8;
    }
}

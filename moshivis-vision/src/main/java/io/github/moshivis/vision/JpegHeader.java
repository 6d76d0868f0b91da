package io.github.moshivis.vision;

import static io.github.moshivis.vision.PictureFormat.hasAscii;

import java.util.Arrays;
import java.util.Optional;
import javax.imageio.IIOException;

/**
 * Information in the markers of a JPEG file (ITU T.81, annex B). The file is walked to its end marker, because the JDK's reader fills a
 * truncated picture up with gray and only warns; the reference (libjpeg through torchvision) refuses it.
 *
 * @param colors how the components make a color
 * @param exif the TIFF structure of the first EXIF segment
 */
record JpegHeader(JpegColors colors, Optional<byte[]> exif) {
    /**
     * Maximum of scans times pixels: a progressive picture is visited once a scan. Encoders make about ten scans, so that pictures of
     * {@link ImageDecoder#MAX_PIXELS} pass with twice as many.
     */
    static final long MAX_SCAN_PIXELS = 20 * ImageDecoder.MAX_PIXELS;

    /** Maximum number of scans, however small the picture is: more than any encoder makes. */
    static final int MAX_SCANS = 64;

    private static final int PREFIX = 0xFF;
    private static final int TEM = 0x01;
    private static final int RST0 = 0xD0;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;
    private static final int SOF0 = 0xC0;
    private static final int SOF15 = 0xCF;
    private static final int DHT = 0xC4;
    private static final int JPG = 0xC8;
    private static final int DAC = 0xCC;
    /** Offset of the color transform in an Adobe segment, after its five-letter name and three 16-bit numbers. */
    private static final int ADOBE_TRANSFORM = 11;

    private static final String EXIF = "Exif\0\0";

    /**
     * Walks all segments.
     *
     * @throws IIOException if the file ends before its end marker, or describes no picture
     */
    static JpegHeader read(byte[] file) throws IIOException {
        boolean jfif = false;
        Optional<Integer> adobe = Optional.empty();
        Optional<byte[]> exif = Optional.empty();
        int[] componentIds = {};
        long pixels = 0;
        int scans = 0;
        int at = 0;
        while (true) {
            at = nextMarker(file, at);
            int marker = unsigned(file, at - 1);
            if (marker == EOI) {
                return new JpegHeader(JpegColors.of(componentIds, jfif, adobe), exif);
            }
            if (marker == TEM || (marker >= RST0 && marker <= SOI)) {
                continue; // these stand alone
            }
            int end = at + uint16(file, at);
            if (end > file.length || end < at + 2) {
                throw new IIOException("segment " + Integer.toHexString(marker) + " goes past the end of the file");
            }
            byte[] segment = Arrays.copyOfRange(file, at + 2, end);
            if (marker == APP0 && hasAscii(segment, 0, "JFIF\0")) {
                jfif = true;
            } else if (marker == APP14 && hasAscii(segment, 0, "Adobe") && segment.length > ADOBE_TRANSFORM) {
                adobe = Optional.of(unsigned(segment, ADOBE_TRANSFORM));
            } else if (marker == APP1 && exif.isEmpty() && hasAscii(segment, 0, EXIF)) {
                exif = Optional.of(Arrays.copyOfRange(segment, EXIF.length(), segment.length));
            } else if (isFrame(marker)) {
                componentIds = componentIds(segment);
                pixels = (long) uint16(segment, 1) * uint16(segment, 3);
            } else if (marker == SOS) {
                requireFewScans(++scans, pixels);
            }
            at = marker == SOS ? endOfScan(file, end) : end;
        }
    }

    private static void requireFewScans(int scans, long pixels) throws IIOException {
        if (scans > MAX_SCANS || scans * Math.min(pixels, ImageDecoder.MAX_PIXELS) > MAX_SCAN_PIXELS) {
            throw new IIOException(
                    "it has more than " + (scans - 1) + " scans, the maximum for a picture of " + pixels + " pixels");
        }
    }

    /** The index behind the next marker's code. */
    private static int nextMarker(byte[] file, int from) throws IIOException {
        int at = from;
        while (unsigned(file, at) != PREFIX) {
            at++; // libjpeg too skips garbage between segments
        }
        while (unsigned(file, at) == PREFIX) {
            at++;
        }
        return at + 1;
    }

    /** The index of the first marker that ends a scan: neither a stuffed 0xFF00 nor a restart marker. */
    private static int endOfScan(byte[] file, int from) throws IIOException {
        for (int at = from; ; at++) {
            if (unsigned(file, at) == PREFIX) {
                int code = unsigned(file, at + 1);
                if (code != 0 && code != PREFIX && (code < RST0 || code >= SOI)) {
                    return at;
                }
            }
        }
    }

    private static boolean isFrame(int marker) {
        return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
    }

    /** A frame segment is precision, height (2), width (2), count, then three bytes a component, its identifier first. */
    private static int[] componentIds(byte[] frame) throws IIOException {
        int[] ids = new int[unsigned(frame, 5)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = unsigned(frame, 6 + 3 * i);
        }
        return ids;
    }

    private static int uint16(byte[] bytes, int at) throws IIOException {
        return unsigned(bytes, at) << 8 | unsigned(bytes, at + 1);
    }

    private static int unsigned(byte[] bytes, int at) throws IIOException {
        if (at >= bytes.length) {
            throw new IIOException("the data ends before the end marker");
        }
        return bytes[at] & 0xFF;
    }
}

package io.github.moshivis.vision;

import io.github.moshivis.io.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Encoded pictures to decode: some made here with the JDK's writers, the others read from resources (see the README there). */
final class Pictures {
    static final int WIDTH = 32;
    static final int HEIGHT = 24;

    private Pictures() {}

    /** The picture that all files here show: a ramp in each color. */
    static Image.Pixels ramps() {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            int x = i % WIDTH;
            int y = i / WIDTH;
            rgb[3 * i] = (byte) (8 * x);
            rgb[3 * i + 1] = (byte) (10 * y);
            rgb[3 * i + 2] = (byte) (4 * (x + y));
        }
        return new Image.Pixels(WIDTH, HEIGHT, rgb);
    }

    static byte[] resource(String name) {
        try (InputStream in = Pictures.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The ramps, written by the JDK. */
    static byte[] write(String format) {
        Image.Pixels ramps = ramps();
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            for (int c = 0; c < 3; c++) {
                image.getRaster().setSample(i % WIDTH, i / WIDTH, c, ramps.rgb()[3 * i + c] & 0xFF);
            }
        }
        return write(image, format);
    }

    static byte[] write(BufferedImage image, String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalStateException("The JDK writes no " + format + " of this kind");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A copy with other bytes at the place where {@code marker} is found first, plus an offset. */
    static byte[] patched(byte[] file, byte[] marker, int offset, byte[] replacement) {
        int at = 0;
        while (!Arrays.equals(file, at, at + marker.length, marker, 0, marker.length)) {
            at++;
        }
        byte[] copy = file.clone();
        System.arraycopy(replacement, 0, copy, at + offset, replacement.length);
        return copy;
    }

    /** A JPEG file with an EXIF segment that states an orientation, in either byte order. */
    static byte[] withOrientation(byte[] jpeg, int code, boolean littleEndian) {
        ByteBuffer exif = ByteBuffer.allocate(36);
        exif.putShort((short) 0xFFE1).putShort((short) 34).put(new byte[] {'E', 'x', 'i', 'f', 0, 0});
        exif.put(littleEndian ? new byte[] {'I', 'I'} : new byte[] {'M', 'M'});
        exif.order(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        exif.putShort((short) 42).putInt(8).putShort((short) 1); // one entry in the directory at offset 8
        exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) code);
        exif.putShort((short) 0).putInt(0);
        ByteBuffer file = ByteBuffer.allocate(jpeg.length + exif.position());
        return file.put(jpeg, 0, 2)
                .put(exif.flip())
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }
}

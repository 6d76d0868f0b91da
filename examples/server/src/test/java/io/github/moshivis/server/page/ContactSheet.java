package io.github.moshivis.server.page;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Screenshots of one size, side by side in one small JPEG file; or one alone, without a border. */
final class ContactSheet {
    private static final int USUAL_GAP = 12;
    private static final Color GROUND = new Color(0x80_80_88);
    private static final float QUALITY = 0.65f;

    private final int columns;
    private final double scale;
    private final List<BufferedImage> pictures = new ArrayList<>();

    /**
     * Creates an empty sheet.
     *
     * @param columns pictures in a row
     * @param scale of each picture's sides
     */
    ContactSheet(int columns, double scale) {
        this.columns = columns;
        this.scale = scale;
    }

    void add(byte[] png) {
        try {
            pictures.add(ImageIO.read(new ByteArrayInputStream(png)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path jpeg) throws IOException {
        Files.createDirectories(jpeg.toAbsolutePath().getParent());
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(QUALITY);
        Files.deleteIfExists(jpeg);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(jpeg.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(drawn(), null, null), parameters);
        } finally {
            writer.dispose();
        }
    }

    private BufferedImage drawn() {
        int width = (int) Math.round(scale * pictures.get(0).getWidth());
        int height = (int) Math.round(scale * pictures.get(0).getHeight());
        int gap = pictures.size() == 1 ? 0 : USUAL_GAP;
        int rows = (pictures.size() + columns - 1) / columns;
        BufferedImage sheet = new BufferedImage(
                gap + columns * (width + gap), gap + rows * (height + gap), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setColor(GROUND);
        graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
        for (int i = 0; i < pictures.size(); i++) {
            Image small = pictures.get(i).getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
            graphics.drawImage(small, gap + i % columns * (width + gap), gap + i / columns * (height + gap), null);
        }
        graphics.dispose();
        return sheet;
    }
}

package io.github.moshivis.train.nano;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * One to three colored shapes from left to right.
 *
 * @param items in that order
 */
record Scene(List<Item> items) {
    private static final int SIDE = 448;
    private static final int MAX_ITEMS = 3;
    private static final int[] BACKGROUNDS = {0xC8E6CF, 0xF2E9D8, 0xD9E2F0, 0xEADCEB, 0xE9E9E9, 0xF6F3C6};

    /** The colors of shapes. */
    enum Hue {
        RED(0xE02020),
        BLUE(0x2050E0),
        GREEN(0x20A040),
        YELLOW(0xF8D020),
        ORANGE(0xF88818),
        PURPLE(0x8830B0),
        BLACK(0x000000),
        WHITE(0xFFFFFF);

        private final Color color;

        Hue(int rgb) {
            this.color = new Color(rgb);
        }

        /** The word for it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A shape in a color. */
    record Item(Hue hue, Shape shape) {
        /** Such as "a red heart". */
        String phrase() {
            return (hue == Hue.ORANGE ? "an " : "a ") + name();
        }

        /** Such as "red heart". */
        String name() {
            return hue.word() + " " + shape.word();
        }
    }

    /** A scene at random. */
    static Scene random(Random random) {
        List<Item> items = new ArrayList<>();
        int count = 1 + random.nextInt(MAX_ITEMS);
        while (items.size() < count) {
            Item item = new Item(
                    Hue.values()[random.nextInt(Hue.values().length)],
                    Shape.values()[random.nextInt(Shape.values().length)]);
            if (!items.contains(item)) {
                items.add(item);
            }
        }
        return new Scene(List.copyOf(items));
    }

    /** A drawing of the scene: places, sizes, turns and the background are random. */
    BufferedImage draw(Random random) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setColor(new Color(BACKGROUNDS[random.nextInt(BACKGROUNDS.length)]));
            graphics.fillRect(0, 0, SIDE, SIDE);
            double column = (double) SIDE / items.size();
            for (int i = 0; i < items.size(); i++) {
                double radius = Math.min(column, SIDE / 2.2) * (0.28 + 0.14 * random.nextDouble());
                double x = column * i + radius + (column - 2 * radius) * random.nextDouble();
                double y = radius + (SIDE - 2 * radius) * (0.2 + 0.6 * random.nextDouble());
                draw(items.get(i), graphics, x, y, radius, 0.3 * (random.nextDouble() - 0.5));
            }
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private static void draw(Item item, Graphics2D graphics, double x, double y, double radius, double turn) {
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        place.rotate(turn);
        place.scale(radius, radius);
        java.awt.Shape outline = place.createTransformedShape(item.shape.outline());
        graphics.setColor(item.hue.color);
        graphics.fill(outline);
        graphics.setColor(Color.BLACK);
        graphics.setStroke(new BasicStroke(2));
        graphics.draw(outline);
    }
}

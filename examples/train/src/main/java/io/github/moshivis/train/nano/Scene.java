package io.github.moshivis.train.nano;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * One to three colored shapes from left to right.
 *
 * @param items in that order
 */
record Scene(List<Item> items) {
    private static final int MAX_ITEMS = 3;
    private static final int[] BACKGROUNDS = {
        0xFFFFFF, 0xC0E0C8, 0xF8D8E0, 0xF2E9D8, 0xD9E2F0, 0xD8D8D8, 0x909090, 0x505050, 0xF6F3C6
    };

    /** The colors of shapes, several tones each. */
    enum Hue {
        RED(0xE01820, 0xE63830, 0xC81018, 0xFF0000),
        BLUE(0x0000FF, 0x1838B0, 0x4078F0, 0x2850E0),
        GREEN(0x008000, 0x00C800, 0x20A038, 0x50B848),
        YELLOW(0xFFFF00, 0xF8D020, 0xF8E048, 0xF0E010),
        ORANGE(0xFFA500, 0xF88000, 0xE87010, 0xF89020),
        PURPLE(0xA020F0, 0x800080, 0x8838A8, 0x9030C0),
        BLACK(0x000000, 0x101018, 0x202020),
        WHITE(0xFFFFFF, 0xF8F8F8, 0xFAF6F0);

        private final int[] tones;

        Hue(int... tones) {
            this.tones = tones;
        }

        /** The word for it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A shape in a color. */
    record Item(Hue hue, Figure shape) {
        /** One at random of the shapes that the bundled model knows. */
        static Item random(Random random) {
            return new Item(hue(random), Figure.KNOWN.get(random.nextInt(Figure.KNOWN.size())));
        }

        private static Hue hue(Random random) {
            return Hue.values()[random.nextInt(Hue.values().length)];
        }

        /** Such as "a red heart". */
        String phrase() {
            return (hue == Hue.ORANGE ? "an " : "a ") + name();
        }

        /** Such as "red heart". */
        String name() {
            return hue.word() + " " + shape.word();
        }
    }

    /** A scene at random of the shapes that the bundled model knows. */
    static Scene random(Random random) {
        return random(Optional.empty(), random);
    }

    /** A scene at random; with a shape, at least one of its items has that shape. */
    static Scene random(Optional<Figure> shape, Random random) {
        List<Item> items = new ArrayList<>();
        int count = 1 + random.nextInt(MAX_ITEMS);
        int place = random.nextInt(count);
        while (items.size() < count) {
            Item item = items.size() == place && shape.isPresent()
                    ? new Item(Item.hue(random), shape.get())
                    : Item.random(random);
            if (!items.contains(item)) {
                items.add(item);
            }
        }
        return new Scene(List.copyOf(items));
    }

    /**
     * An item as it was drawn.
     *
     * @param outline in pixels
     */
    record Drawn(Item item, Shape outline) {}

    /** A drawing of the scene, and where its items are. */
    record Drawing(BufferedImage image, List<Drawn> items) {}

    /** Draws the scene in a square of some pixels a side: places, sizes, turns, tones and the background are random. */
    Drawing draw(int side, Random random) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        List<Drawn> drawn = new ArrayList<>();
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            Color background = new Color(BACKGROUNDS[random.nextInt(BACKGROUNDS.length)]);
            graphics.setColor(background);
            graphics.fillRect(0, 0, side, side);
            double column = (double) side / items.size();
            for (int i = 0; i < items.size(); i++) {
                double radius = Math.min(column, side / 2.2) * (0.25 + 0.17 * random.nextDouble());
                double x = column * i + radius + (column - 2 * radius) * random.nextDouble();
                double y = radius + (side - 2 * radius) * (0.1 + 0.8 * random.nextDouble());
                AffineTransform place = AffineTransform.getTranslateInstance(x, y);
                place.rotate(0.3 * (random.nextDouble() - 0.5));
                place.scale(radius, radius * (0.9 + 0.1 * random.nextDouble()));
                Shape outline =
                        place.createTransformedShape(items.get(i).shape().outline());
                paint(items.get(i), outline, background, graphics, random);
                drawn.add(new Drawn(items.get(i), outline));
            }
        } finally {
            graphics.dispose();
        }
        return new Drawing(image, List.copyOf(drawn));
    }

    private static void paint(Item item, Shape outline, Color background, Graphics2D graphics, Random random) {
        Color color = new Color(item.hue.tones[random.nextInt(item.hue.tones.length)]);
        graphics.setColor(color);
        graphics.fill(outline);
        if (random.nextInt(4) == 0 || distance(color, background) < 60) {
            graphics.setColor(item.hue == Hue.BLACK ? Color.GRAY : Color.BLACK);
            graphics.setStroke(new BasicStroke(2));
            graphics.draw(outline);
        }
    }

    private static int distance(Color one, Color other) {
        return Math.abs(one.getRed() - other.getRed())
                + Math.abs(one.getGreen() - other.getGreen())
                + Math.abs(one.getBlue() - other.getBlue());
    }
}

package io.github.moshivis.train.nano;

import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;

/** The shapes of the pictures, each within the unit circle around the origin, y downwards. */
enum Figure {
    CIRCLE {
        @Override
        Shape outline() {
            return new Ellipse2D.Double(-0.9, -0.9, 1.8, 1.8);
        }
    },
    SQUARE {
        @Override
        Shape outline() {
            return new Rectangle2D.Double(-0.8, -0.8, 1.6, 1.6);
        }
    },
    TRIANGLE {
        @Override
        Shape outline() {
            return star(3, 0.5);
        }
    },
    STAR {
        @Override
        Shape outline() {
            return star(5, 0.42);
        }
    },
    HEART {
        @Override
        Shape outline() {
            Path2D.Double path = new Path2D.Double();
            path.moveTo(0, 1);
            path.curveTo(-0.3, 0.5, -1, 0.3, -0.95, -0.35);
            path.curveTo(-0.9, -1, -0.1, -1, 0, -0.4);
            path.curveTo(0.1, -1, 0.9, -1, 0.95, -0.35);
            path.curveTo(1, 0.3, 0.3, 0.5, 0, 1);
            return path;
        }
    },
    CROSS {
        @Override
        Shape outline() {
            Area area = new Area(new Rectangle2D.Double(-0.9, -0.32, 1.8, 0.64));
            area.add(new Area(new Rectangle2D.Double(-0.32, -0.9, 0.64, 1.8)));
            return area;
        }
    },
    /** A mountain in a frame: no shape that the bundled model knows, but a word that it says and hears. */
    PICTURE {
        @Override
        Shape outline() {
            Area area = new Area(new Rectangle2D.Double(-0.95, -0.7, 1.9, 1.4));
            area.subtract(new Area(new Rectangle2D.Double(-0.72, -0.47, 1.44, 0.94)));
            Path2D.Double mountain = new Path2D.Double();
            mountain.moveTo(-0.6, 0.5);
            mountain.lineTo(0, -0.25);
            mountain.lineTo(0.6, 0.5);
            mountain.closePath();
            area.add(new Area(mountain));
            return area;
        }
    },
    /** Neither a shape that the bundled model knows, nor a word of its vocabulary. */
    RING {
        @Override
        Shape outline() {
            Area area = new Area(new Ellipse2D.Double(-0.95, -0.95, 1.9, 1.9));
            area.subtract(new Area(new Ellipse2D.Double(-0.55, -0.55, 1.1, 1.1)));
            return area;
        }
    };

    /** The shapes that the bundled model knows. */
    static final List<Figure> KNOWN = List.of(CIRCLE, SQUARE, TRIANGLE, STAR, HEART, CROSS);

    abstract Shape outline();

    /** The word for it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A polygon with corners outside and, between them, inside; a triangle where the inner ones lie on its sides. */
    private static Shape star(int corners, double inner) {
        Path2D.Double path = new Path2D.Double();
        for (int i = 0; i < 2 * corners; i++) {
            double radius = i % 2 == 0 ? 1 : inner;
            double angle = Math.PI * i / corners - Math.PI / 2;
            if (i == 0) {
                path.moveTo(radius * Math.cos(angle), radius * Math.sin(angle));
            } else {
                path.lineTo(radius * Math.cos(angle), radius * Math.sin(angle));
            }
        }
        path.closePath();
        return path;
    }
}

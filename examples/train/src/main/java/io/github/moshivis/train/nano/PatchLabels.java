package io.github.moshivis.train.nano;

import java.awt.Shape;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;

/**
 * The right answers for the patches of pictures: which item a patch shows, and all about that item. For a batch, picture by picture, row
 * by row.
 */
final class PatchLabels {
    /** Cells a side of a silhouette. */
    static final int CELLS = 7;

    /** Points a side at which a patch is looked at. */
    private static final int POINTS = 3;

    /** Rank of the item from the left, from 1; 0 for the background. */
    final long[] rank;

    /** Color of the item, from 1; 0 for the background. */
    final long[] hue;

    /** Shape of the item, from 1; 0 for the background. */
    final long[] shape;

    /** Number of items in the picture. */
    final long[] count;

    /** The item's outline in its own box, {@link #CELLS} squared, 1 inside; zeros for the background. */
    final float[] silhouette;

    PatchLabels(List<Scene.Drawing> drawings, int grid) {
        int patches = grid * grid;
        rank = new long[drawings.size() * patches];
        hue = new long[rank.length];
        shape = new long[rank.length];
        count = new long[rank.length];
        silhouette = new float[rank.length * CELLS * CELLS];
        for (int picture = 0; picture < drawings.size(); picture++) {
            Scene.Drawing drawing = drawings.get(picture);
            Arrays.fill(
                    count,
                    picture * patches,
                    (picture + 1) * patches,
                    drawing.items().size());
            for (int i = 0; i < drawing.items().size(); i++) {
                add(
                        drawing.items().get(i),
                        i,
                        picture * patches,
                        grid,
                        drawing.image().getWidth() / grid);
            }
        }
    }

    private void add(Scene.Drawn item, int place, int first, int grid, int side) {
        float[] cells = silhouette(item.outline());
        for (int patch = 0; patch < grid * grid; patch++) {
            int inside = 0;
            for (int point = 0; point < POINTS * POINTS; point++) {
                double x = (patch % grid + (point % POINTS + 0.5) / POINTS) * side;
                double y = (patch / grid + (point / POINTS + 0.5) / POINTS) * side;
                inside += item.outline().contains(x, y) ? 1 : 0;
            }
            if (2 * inside > POINTS * POINTS - 1) {
                int at = first + patch;
                rank[at] = place + 1L;
                hue[at] = item.item().hue().ordinal() + 1L;
                shape[at] = item.item().shape().ordinal() + 1L;
                System.arraycopy(cells, 0, silhouette, at * cells.length, cells.length);
            }
        }
    }

    private static float[] silhouette(Shape outline) {
        Rectangle2D box = outline.getBounds2D();
        float[] cells = new float[CELLS * CELLS];
        for (int cell = 0; cell < cells.length; cell++) {
            double x = box.getX() + (cell % CELLS + 0.5) / CELLS * box.getWidth();
            double y = box.getY() + (cell / CELLS + 0.5) / CELLS * box.getHeight();
            cells[cell] = outline.contains(x, y) ? 1 : 0;
        }
        return cells;
    }
}

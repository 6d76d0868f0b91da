package io.github.moshivis.cli.bench;

import io.github.moshivis.layout.DepthConfig;
import io.github.moshivis.layout.LmConfig;
import java.util.List;

/**
 * The matrix of a product, and how often a step of the model computes one like it.
 *
 * @param layer where in the model it is
 * @param out its rows
 * @param in its columns
 * @param perStep products of a step, one row each; 0 for what runs once a picture
 */
public record LinearShape(String layer, int out, int in, int perStep) {
    /**
     * The shapes of the released model.
     *
     * @return every kind of product that its language model computes in a step
     */
    public static List<LinearShape> released() {
        return of(LmConfig.MOSHIKA_VIS);
    }

    static List<LinearShape> of(LmConfig lm) {
        int dim = lm.dim();
        int layers = lm.layers();
        DepthConfig depth = lm.depth();
        int slices = lm.modelCodebooks();
        int depthLayers = slices * depth.layers();
        return List.of(
                new LinearShape("attention.input", 3 * dim, dim, layers),
                new LinearShape("attention.output", dim, dim, layers),
                new LinearShape("feedForward.input", 2 * lm.hidden(), dim, layers),
                new LinearShape("feedForward.output", dim, lm.hidden(), layers),
                new LinearShape("cross.query, .output", dim, dim, 2 * layers),
                new LinearShape("gate.input", lm.gateHidden(), dim, layers),
                new LinearShape("gate.output", dim, lm.gateHidden(), layers),
                new LinearShape("text.head", lm.textCard(), dim, 1),
                new LinearShape("depth.input", depth.dim(), dim, slices),
                new LinearShape("depth.attention.input", 3 * depth.dim(), depth.dim(), depthLayers),
                new LinearShape("depth.attention.output", depth.dim(), depth.dim(), depthLayers),
                new LinearShape("depth.feedForward.input", 2 * depth.hidden(), depth.dim(), depthLayers),
                new LinearShape("depth.feedForward.output", depth.dim(), depth.hidden(), depthLayers),
                new LinearShape("depth.head", lm.audioCard(), depth.dim(), slices));
    }
}

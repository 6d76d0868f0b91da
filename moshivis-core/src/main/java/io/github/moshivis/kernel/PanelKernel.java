package io.github.moshivis.kernel;

/**
 * Products in float32 of few or many rows with a matrix in panels, over plain addresses: linear layers, and convolutions, whose rows are
 * windows that overlap. A row of the result does not depend on the other rows, nor on how many there are. Stateless.
 */
public final class PanelKernel {
    /** Rows of a panel. */
    public static final int PANEL_ROWS = 16;

    /** Types that weights are held in. */
    public enum Held {
        /** IEEE 754 single. */
        F32(4),
        /** bfloat16. */
        BF16(2),
        /** IEEE 754 half. */
        F16(2),
        /** 8 bits, a scale for each row. */
        INT8(1);

        private final int bytes;

        Held(int bytes) {
            this.bytes = bytes;
        }

        /** Bytes of a weight. */
        public int bytes() {
            return bytes;
        }
    }

    /** Functions that a layer applies to each of its results. */
    public enum Activation {
        /** Nothing. */
        NONE,
        /** x for x &gt; 0, else exp(x) - 1. */
        ELU,
        /** x times the normal distribution's function. */
        GELU
    }

    /**
     * A matrix in panels.
     *
     * @param address of the first panel
     * @param held the type of its weights
     * @param scales address of F32 [out], with {@link Held#INT8}; else 0
     * @param bias address of F32 [out]; 0 for none
     * @param out rows
     * @param in columns
     */
    public record Matrix(long address, Held held, long scales, long bias, long out, long in) {
        /** Returns the number of panels. */
        public long panels() {
            return (out + PANEL_ROWS - 1) / PANEL_ROWS;
        }

        /** Returns the bytes of all panels. */
        public long bytes() {
            return panels() * PANEL_ROWS * in * held.bytes;
        }

        /** Returns the bytes of the scales of all panels. */
        public long scaleBytes() {
            return held == Held.INT8 ? panels() * PANEL_ROWS * Float.BYTES : 0;
        }
    }

    /**
     * Rows of float32 numbers, in batches.
     *
     * @param address of the first
     * @param batchStride from a batch to the next, in elements
     * @param rowStride from a row to the next in a batch, in elements; rows may overlap
     * @param rowsInBatch rows of a batch
     * @param count rows of all batches
     */
    public record Windows(long address, long batchStride, long rowStride, long rowsInBatch, long count) {}

    /**
     * The operations after a product: {@code activation(residual + factors * product)}.
     *
     * @param activation applied last
     * @param factors address of F32 [out]; 0 for none
     * @param residual address of F32 [rows, out]; 0 for none
     */
    public record Finish(Activation activation, long factors, long residual) {}

    private PanelKernel() {}

    /**
     * Lays some rows of a matrix out.
     *
     * @param source address of F32 [rows, matrix.in]
     * @param rows how many; whole panels but for the last
     * @param matrix takes them
     * @param first the first of them, of a panel
     */
    public static void pack(long source, long rows, Matrix matrix, long first) {
        NativeCalls.packPanels(
                Kernels.instructionSet().number(),
                matrix.held.ordinal(),
                source,
                rows,
                matrix.in,
                matrix.scales == 0 ? 0 : matrix.scales + first * Float.BYTES,
                matrix.address + first * matrix.in * matrix.held.bytes);
    }

    /** A product, of which several threads may compute different parts at once. */
    @FunctionalInterface
    public interface Product {
        /**
         * Computes a part.
         *
         * @param fromRow first row of x
         * @param toRow after the last
         * @param fromPanel first panel of the matrix
         * @param toPanel after the last
         */
        void run(long fromRow, long toRow, long fromPanel, long toPanel);
    }

    /**
     * Prepares a product.
     *
     * @param set the instruction set
     * @param matrix the matrix
     * @param x rows of matrix.in columns
     * @param finish what follows
     * @param y address of the results, F32 [rows, matrix.out]
     * @return the product
     */
    public static Product prepare(InstructionSet set, Matrix matrix, Windows x, Finish finish, long y) {
        return (fromRow, toRow, fromPanel, toPanel) -> NativeCalls.multiplyPanels(
                set.number(),
                matrix.address,
                matrix.held.ordinal(),
                matrix.scales,
                x.address,
                x.batchStride,
                x.rowStride,
                x.rowsInBatch,
                matrix.bias,
                finish.factors,
                finish.residual,
                finish.activation.ordinal(),
                y,
                matrix.in,
                matrix.out,
                fromRow,
                toRow,
                fromPanel,
                toPanel);
    }

    /**
     * Applies an activation to numbers.
     *
     * @param set the instruction set
     * @param activation which
     * @param x address of F32 [count]
     * @param y takes the results; may be x
     * @param count how many
     */
    public static void activate(InstructionSet set, Activation activation, long x, long y, long count) {
        NativeCalls.activate(set.number(), activation.ordinal(), x, y, count);
    }
}

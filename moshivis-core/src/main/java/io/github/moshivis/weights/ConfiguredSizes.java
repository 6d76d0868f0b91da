package io.github.moshivis.weights;

import io.github.moshivis.errors.CheckpointException;
import io.github.moshivis.layout.DepthConfig;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.layout.VisionConfig;
import io.github.moshivis.weights.file.TensorFile;

/**
 * Comparison of a configuration with the file that it describes, before anything is allocated or looped over because of it: no part has more
 * layers than the file has tensors, and no matrix more elements than the whole file, unless the released model has as many.
 */
public final class ConfiguredSizes {
    /** The fewest bits that an element takes in any form. */
    private static final long MIN_BITS = 2;

    /** Twice the largest matrix of the released model: sizes of other models are reported with all that is missing. */
    private static final long SENSIBLE_ELEMENTS = 1L << 28;

    /** Twice the layers of the released model. */
    private static final int SENSIBLE_PARTS = 64;

    private final TensorFile file;
    private final long maxElements;

    private ConfiguredSizes(TensorFile file) {
        this.file = file;
        this.maxElements = Math.max(SENSIBLE_ELEMENTS, file.byteLength() * Byte.SIZE / MIN_BITS);
    }

    /**
     * Checks the sizes of a language model.
     *
     * @param file the language model's file
     * @param lm the configuration
     * @throws CheckpointException naming the key that cannot be right
     */
    public static void require(TensorFile file, LmConfig lm) {
        ConfiguredSizes sizes = new ConfiguredSizes(file);
        sizes.parts("num_layers", lm.layers());
        sizes.parts("n_q", lm.audioStreams());
        sizes.matrix("dim", lm.dim(), lm.dim());
        sizes.matrix("hidden_scale", lm.hidden(), lm.dim());
        sizes.matrix("text_card", lm.textCard(), lm.dim());
        sizes.matrix("audio_card", lm.audioCard(), lm.dim());
        lm.imageDim().ifPresent(dim -> sizes.matrix("xa_dim", dim, lm.dim()));
        if (lm.modelCodebooks() > 0) {
            DepthConfig depth = lm.depth();
            sizes.parts("dep_q", lm.modelCodebooks());
            sizes.parts("depformer_num_layers", depth.layers());
            sizes.matrix("depformer_dim", depth.dim(), lm.dim());
            sizes.matrix("depformer_dim_feedforward", depth.hidden(), depth.dim());
        }
    }

    /**
     * Checks the sizes of an image encoder.
     *
     * @param file the file with the encoder
     * @param vision the configuration
     * @throws CheckpointException naming the key that cannot be right
     */
    public static void require(TensorFile file, VisionConfig vision) {
        ConfiguredSizes sizes = new ConfiguredSizes(file);
        sizes.parts("num_hidden_layers", vision.layers());
        sizes.matrix("hidden_size", vision.hidden(), vision.hidden());
        sizes.matrix("intermediate_size", vision.intermediate(), vision.hidden());
        sizes.matrix("image_size", vision.positions(), vision.hidden());
        sizes.matrix("patch_size", (long) vision.patchSize() * vision.patchSize() * vision.channels(), vision.hidden());
    }

    /**
     * Checks the sizes of a codec.
     *
     * @param file the codec's file
     * @param codec the configuration
     * @throws CheckpointException naming the key that cannot be right
     */
    public static void require(TensorFile file, MimiConfig codec) {
        ConfiguredSizes sizes = new ConfiguredSizes(file);
        MimiConfig.Seanet seanet = codec.seanet();
        long widest = (long) seanet.filters() << seanet.ratios().size();
        sizes.parts("quantizer.n_q", codec.quantizer().codebooks());
        sizes.parts("transformer.num_layers", codec.transformer().layers());
        sizes.matrix(
                "quantizer.bins", codec.quantizer().bins(), codec.quantizer().dimension());
        sizes.matrix("quantizer.dimension", codec.quantizer().dimension(), seanet.dimension());
        sizes.matrix(
                "quantizer.dimension",
                codec.quantizer().dimension(),
                (long) codec.quantizer().codebooks() * codec.quantizer().bins());
        sizes.matrix(
                "transformer.d_model",
                codec.transformer().dim(),
                codec.transformer().dim());
        sizes.matrix(
                "transformer.dim_feedforward",
                codec.transformer().feedForward(),
                codec.transformer().dim());
        sizes.matrix("seanet.kernel_size", seanet.kernel(), seanet.filters());
        sizes.matrix("seanet.residual_kernel_size", seanet.residualKernel(), seanet.filters());
        sizes.matrix("seanet.last_kernel_size", seanet.lastKernel(), seanet.dimension());
        sizes.matrix("seanet.n_filters", widest, widest / 2);
    }

    private void parts(String key, int found) {
        if (found > Math.max(SENSIBLE_PARTS, file.tensors().size())) {
            throw absurd(
                    key, found, "at most one for each of the " + file.tensors().size() + " tensors");
        }
    }

    private void matrix(String key, long rows, long columns) {
        if (rows < 0 || rows * columns > maxElements) {
            throw absurd(key, rows, "a matrix of at most the " + maxElements + " elements");
        }
    }

    private CheckpointException absurd(String key, long found, String expected) {
        return new CheckpointException(
                "Cannot use the configuration of " + file.path() + ": " + key + ": found " + found
                        + ", expected " + expected
                        + " that the file can hold. Correct the value, or take the configuration that"
                        + " belongs to the file");
    }
}

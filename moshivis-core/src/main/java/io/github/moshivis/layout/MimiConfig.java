package io.github.moshivis.layout;

import io.github.moshivis.io.AudioSource;
import java.util.List;

/**
 * Sizes of the Mimi codec: 24 kHz mono speech to 12.5 frames of codes a second and back.
 *
 * @param sampleRate samples a second ({@code sample_rate})
 * @param frameRate frames of codes a second ({@code frame_rate})
 * @param seanet the convolutional encoder and decoder
 * @param transformer the transformers between them and the quantizer; encoder's and decoder's are of one size
 * @param quantizer the split residual quantizer
 */
public record MimiConfig(
        int sampleRate, double frameRate, Seanet seanet, Transformer transformer, Quantizer quantizer) {

    /** The released codec (kyutai-labs/moshi, {@code moshi/models/loaders.py}, {@code _mimi_config}). */
    public static final MimiConfig MIMI_V0_1 = new MimiConfig(
            24_000,
            12.5,
            new Seanet(512, 64, List.of(8, 6, 5, 4), 7, 3, 3, 2),
            new Transformer(512, 8, 8, 2048, 250, 10_000),
            new Quantizer(256, 32, 2048));

    /**
     * Checks that frames have the size of the library's streams and that the rates fit.
     *
     * @throws IllegalArgumentException naming the key, the value found, and the values allowed
     */
    public MimiConfig {
        Validation.require(
                sampleRate == AudioSource.SAMPLE_RATE,
                "sample_rate",
                sampleRate,
                AudioSource.SAMPLE_RATE + ", which all audio here has");
        Validation.require(
                frameRate * AudioSource.FRAME_SAMPLES == sampleRate,
                "frame_rate",
                frameRate,
                "12.5: a frame here is " + AudioSource.FRAME_SAMPLES + " samples");
        Validation.require(
                AudioSource.FRAME_SAMPLES % seanet.hop() == 0 && AudioSource.FRAME_SAMPLES / seanet.hop() >= 2,
                "seanet.ratios",
                seanet.ratios(),
                "a product that divides " + AudioSource.FRAME_SAMPLES + " twice or more");
        Validation.require(
                transformer.dim() == seanet.dimension(),
                "transformer.d_model",
                transformer.dim(),
                "seanet.dimension = " + seanet.dimension());
        int steps = AudioSource.FRAME_SAMPLES / seanet.hop();
        Validation.require(
                transformer.context() >= steps,
                "transformer.context",
                transformer.context(),
                "at least " + steps + ", the steps of a frame");
    }

    /**
     * Steps of the transformers in a frame, and stride of the resampling convolutions between them and the quantizer.
     *
     * @return 2 in the released codec
     */
    public int stepsPerFrame() {
        return AudioSource.FRAME_SAMPLES / seanet.hop();
    }

    /**
     * Sizes of the convolutional encoder and decoder (SEANet).
     *
     * @param dimension channels of the latent ({@code dimension})
     * @param filters channels next to the samples ({@code n_filters}); they double with each ratio
     * @param ratios strides in the decoder's order ({@code ratios}); the encoder has them reversed
     * @param kernel kernel of the first layer ({@code kernel_size})
     * @param residualKernel first kernel of a residual block ({@code residual_kernel_size})
     * @param lastKernel kernel of the last layer ({@code last_kernel_size})
     * @param compress how many times narrower a residual block is inside ({@code compress})
     */
    public record Seanet(
            int dimension,
            int filters,
            List<Integer> ratios,
            int kernel,
            int residualKernel,
            int lastKernel,
            int compress) {
        private static final int MAX_RATIOS = 8;
        private static final int MAX_RATIO = 64;

        /**
         * Checks the sizes.
         *
         * @throws IllegalArgumentException naming the key, the value found, and the values allowed
         */
        public Seanet {
            ratios = List.copyOf(ratios);
            Validation.size("seanet.dimension", dimension);
            Validation.size("seanet.n_filters", filters);
            Validation.require(
                    !ratios.isEmpty()
                            && ratios.size() <= MAX_RATIOS
                            && ratios.stream().allMatch(r -> r >= 1 && r <= MAX_RATIO),
                    "seanet.ratios",
                    ratios,
                    "1 to " + MAX_RATIOS + " numbers from 1 to " + MAX_RATIO);
            Validation.require(
                    product(ratios) <= AudioSource.FRAME_SAMPLES,
                    "seanet.ratios",
                    ratios,
                    "a product of at most " + AudioSource.FRAME_SAMPLES);
            Validation.size("seanet.kernel_size", kernel);
            Validation.size("seanet.residual_kernel_size", residualKernel);
            Validation.size("seanet.last_kernel_size", lastKernel);
            Validation.size("seanet.compress", compress);
            Validation.require(
                    filters % compress == 0, "seanet.compress", compress, "a divisor of n_filters = " + filters);
        }

        /**
         * Samples for one step of the transformers.
         *
         * @return the product of the ratios
         */
        public int hop() {
            return (int) product(ratios);
        }

        private static long product(List<Integer> ratios) {
            return ratios.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
        }
    }

    /**
     * Sizes of the encoder's and of the decoder's transformer.
     *
     * @param dim width ({@code d_model})
     * @param heads attention heads ({@code num_heads})
     * @param layers layers ({@code num_layers})
     * @param feedForward width inside the feed-forward ({@code dim_feedforward})
     * @param context keys that a step sees, its own included ({@code context}, in steps of 40 ms)
     * @param maxPeriod base of the rotary embedding ({@code max_period})
     */
    public record Transformer(int dim, int heads, int layers, int feedForward, int context, double maxPeriod) {
        /**
         * Checks the sizes.
         *
         * @throws IllegalArgumentException naming the key, the value found, and the values allowed
         */
        public Transformer {
            Validation.rotaryHeads("transformer.num_heads", heads, "transformer.d_model", dim);
            Validation.layers("transformer.num_layers", layers);
            Validation.size("transformer.dim_feedforward", feedForward);
            Validation.context("transformer.context", context);
            Validation.positive("transformer.max_period", maxPeriod);
        }

        /**
         * Width of an attention head.
         *
         * @return the width
         */
        public int headDim() {
            return dim / heads;
        }
    }

    /**
     * Sizes of the split residual quantizer: one semantic codebook, the others acoustic.
     *
     * @param dimension width of a codebook's vectors ({@code dimension})
     * @param codebooks codebooks in the file ({@code n_q}); a model uses the first of them
     * @param bins vectors in a codebook ({@code bins})
     */
    public record Quantizer(int dimension, int codebooks, int bins) {
        /**
         * Checks the sizes.
         *
         * @throws IllegalArgumentException naming the key, the value found, and the values allowed
         */
        public Quantizer {
            Validation.size("quantizer.dimension", dimension);
            Validation.require(
                    codebooks >= 2 && codebooks <= Validation.MAX_CODEBOOKS,
                    "quantizer.n_q",
                    codebooks,
                    "2 to " + Validation.MAX_CODEBOOKS + ": one semantic, the others acoustic");
            Validation.size("quantizer.bins", bins);
        }
    }
}

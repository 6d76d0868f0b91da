package io.github.moshivis.checkpoint;

import io.github.moshivis.layout.DepthConfig;
import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.layout.MimiConfig;
import io.github.moshivis.layout.ModelConfig;
import io.github.moshivis.layout.SttConfig;
import io.github.moshivis.layout.VisionConfig;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** The sizes of random models that are smaller than the released one. Streams and delays are the released model's. */
final class RandomSizes {
    private static final LmConfig RELEASED = LmConfig.MOSHIKA_VIS;

    /**
     * A model of which every part is there, twelve layers included: the gate weight is an average over the last ten. The text pieces
     * are the 260 that every vocabulary has, and 60 words.
     */
    static final ModelConfig TINY = new ModelConfig(
            lm(32, 4, 12, 20, 320, 64, new DepthConfig(32, 4, 2, 8, 132)),
            new MimiConfig(
                    24_000,
                    12.5,
                    new MimiConfig.Seanet(32, 4, List.of(8, 6, 5, 4), 7, 3, 3, 2),
                    new MimiConfig.Transformer(32, 4, 2, 64, 10, 10_000),
                    new MimiConfig.Quantizer(16, 16, 64)),
            new VisionConfig(48, 96, 2, 4, 56, 14, 3, 1e-6));

    /** A model that runs near real time on two cores, with the released codec and as many image tokens as the released model. */
    static final ModelConfig MID = new ModelConfig(
            lm(1024, 16, 16, 3000, 32_000, 2048, new DepthConfig(512, 8, 4, 8, 2112)),
            MimiConfig.MIMI_V0_1,
            new VisionConfig(384, 1536, 6, 6, 448, 14, 3, 1e-6));

    /** The codec of TINY, all of whose codebooks are read. */
    static final ModelConfig STT_TINY = stt(32, 4, 4, 40, 320, TINY.mimi());

    /** Released sizes (kyutai/stt-1b-en_fr, {@code config.json}). */
    static final ModelConfig STT_1B = stt(2048, 16, 16, 750, 8000, MimiConfig.MIMI_V0_1);

    private RandomSizes() {}

    private static ModelConfig stt(int dim, int heads, int layers, int context, int textCard, MimiConfig mimi) {
        int codebooks = mimi.quantizer().codebooks();
        LmConfig lm = new LmConfig(
                dim,
                heads,
                layers,
                context,
                100_000,
                RELEASED.hiddenScale(),
                textCard,
                RELEASED.paddingToken(),
                mimi.quantizer().bins(),
                codebooks,
                0,
                Collections.nCopies(codebooks + 1, 0),
                null,
                OptionalInt.empty(),
                new SttConfig(0.5, 0, 4, 6));
        return new ModelConfig(lm, mimi, VisionConfig.SIGLIP_SO400M_448);
    }

    private static LmConfig lm(
            int dim, int heads, int layers, int context, int textCard, int audioCard, DepthConfig depth) {
        return new LmConfig(
                dim,
                heads,
                layers,
                context,
                RELEASED.maxPeriod(),
                RELEASED.hiddenScale(),
                textCard,
                RELEASED.paddingToken(),
                audioCard,
                RELEASED.audioStreams(),
                RELEASED.modelCodebooks(),
                RELEASED.delays(),
                depth,
                OptionalInt.of(dim),
                null);
    }
}

package io.github.moshivis.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.load.WeightReads;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a step reads is counted by the names of the tensors. */
class WeightReadCounterTest {
    private static final LmConfig CONFIG = LmConfig.MOSHIKA_VIS;
    private static final long TEXTS = CONFIG.textCard() + 1;
    private static final long CODES = CONFIG.audioCard() + 1;

    @Test
    void embeddingsGiveARowAndSharedMatricesCountForEachLayer() {
        Map<String, Long> lm = Map.ofEntries(
                Map.entry("temporal.layers.0.attention.input", 1L),
                Map.entry("temporal.norm", 2L),
                Map.entry("text.head", 4L),
                Map.entry("text.embedding", 8 * TEXTS),
                Map.entry("audio.embedding.0", 16 * CODES),
                Map.entry("audio.embedding.15", 32 * CODES),
                Map.entry("temporal.layers.0.cross.norm", 64L),
                Map.entry("temporal.layers.31.gate.input", 128L),
                Map.entry("cross.query", 1024L),
                Map.entry("cross.output", 1024L),
                Map.entry("cross.keyValue", 1L << 40),
                Map.entry("image.encoder.layers", 1L << 40),
                Map.entry("depth.0.embedding", 256 * TEXTS),
                Map.entry("depth.7.embedding", 512 * CODES),
                Map.entry("depth.7.head", 1L),
                Map.entry("depth.3.layers.2.attention.input", 2L));
        Map<String, Long> codec = Map.of(
                "encoder.model.0.conv.conv.weight", 1L,
                "encoder_transformer.transformer.layers.0.linear1.weight", 2L,
                "downsample.conv.conv.conv.weight", 4L,
                "quantizer.rvq_first.input_proj.weight", 8L,
                "quantizer.rvq_rest.vq.layers.0._codebook.embedding_sum", 2048L,
                "quantizer.rvq_rest.output_proj.weight", 16L,
                "decoder.model.0.conv.conv.weight", 32L,
                "upsample.convtr.convtr.convtr.weight", 64L);

        WeightReads reads = WeightReadCounter.count(CONFIG, 2048, lm, codec, 7);

        assertThat(reads.temporal()).isEqualTo(1 + 2 + 4 + 8 + 16 + 32);
        assertThat(reads.looking()).isEqualTo(64 + 128 + 32 * 2048);
        assertThat(reads.position()).isEqualTo(7);
        assertThat(reads.depth()).isEqualTo(256 + 512 + 1 + 2);
        assertThat(reads.encode()).isEqualTo(1 + 2 + 4 + 8 + 2048);
        assertThat(reads.decode()).isEqualTo(16 + 32 + 64 + 1);
        assertThat(reads.total(true) - reads.total(false)).isEqualTo(reads.looking());
    }
}

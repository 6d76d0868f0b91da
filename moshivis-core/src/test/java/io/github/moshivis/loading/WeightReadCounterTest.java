package io.github.moshivis.loading;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.layout.LmConfig;
import io.github.moshivis.load.WeightReads;
import io.github.moshivis.weights.TensorRole;
import io.github.moshivis.weights.TensorUse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes that a step reads, by the roles of the tensors. */
class WeightReadCounterTest {
    private static final long HUGE = 1L << 40;

    private static TensorUse.Bytes tensor(TensorRole role, int passes, long all, long row) {
        return new TensorUse.Bytes(new TensorUse(role, passes), all, row);
    }

    @Test
    void embeddingsGiveARowAndSharedMatricesCountForEachLayer() {
        List<TensorUse.Bytes> lm = List.of(
                tensor(TensorRole.TEMPORAL, 1, 1, HUGE),
                tensor(TensorRole.TEMPORAL, 1, 2, HUGE),
                tensor(TensorRole.TEXT_HEAD, 1, 4, HUGE),
                tensor(TensorRole.PAUSE_HEAD, 1, 64, HUGE),
                tensor(TensorRole.TEXT_EMBEDDING, 1, HUGE, 8),
                tensor(TensorRole.AUDIO_EMBEDDING, 1, HUGE, 16),
                tensor(TensorRole.AUDIO_EMBEDDING, 1, HUGE, 32),
                tensor(TensorRole.VISION_ADAPTER, 1, 64, HUGE),
                tensor(TensorRole.VISION_ADAPTER, 32, 1024, HUGE),
                tensor(TensorRole.VISION_ADAPTER, 0, HUGE, HUGE),
                tensor(TensorRole.IMAGE_ENCODER, 0, HUGE, HUGE),
                tensor(TensorRole.DEPTH_TEXT_EMBEDDING, 1, HUGE, 256),
                tensor(TensorRole.DEPTH_AUDIO_EMBEDDING, 1, HUGE, 512),
                tensor(TensorRole.AUDIO_HEAD, 1, 1, HUGE),
                tensor(TensorRole.DEPTH, 1, 2, HUGE));
        List<TensorUse.Bytes> codec = List.of(
                tensor(TensorRole.ENCODER, 1, 1, HUGE),
                tensor(TensorRole.CODEBOOK, 1, 2048, 2),
                tensor(TensorRole.DECODER, 1, 4, HUGE));

        WeightReads reads = WeightReadCounter.count(LmConfig.MOSHIKA_VIS, lm, codec, 7);

        assertThat(reads.temporal()).isEqualTo(1 + 2 + 4 + 8 + 16 + 32 + 64);
        assertThat(reads.looking()).isEqualTo(64 + 32 * 1024);
        assertThat(reads.position()).isEqualTo(7);
        assertThat(reads.depth()).isEqualTo(256 + 512 + 1 + 2);
        assertThat(reads.encode()).isEqualTo(1 + 2048);
        assertThat(reads.decode()).isEqualTo(4 + 2);
        assertThat(reads.total(true) - reads.total(false)).isEqualTo(reads.looking());
    }
}

package io.github.moshivis.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoshiSizesTest {
    /** Sizes of the released tensors, as J-Moshi has them (text_emb, gating, emb and depformer tensors of moshi v0.1). */
    private static MoshiSizes released(int depthSteps) {
        return new MoshiSizes(4096, 32, 11_264, 32_000, 2048, 16, depthSteps, 1024, 6, 2816);
    }

    @Test
    void theReleasedTensorsGiveTheReleasedConfiguration() {
        assertThat(released(8).config()).isEqualTo(LmConfig.MOSHIKA_VIS.imageDim(OptionalInt.empty()));
        assertThat(released(16).config())
                .as("depth steps for the user's codes, as moshi-finetune stores them in Japanese")
                .isEqualTo(LmConfig.MOSHIKA_VIS.imageDim(OptionalInt.empty()));
    }

    @Test
    void aModelOfOneVoiceHasOneUndelayedCodebook() {
        LmConfig config = new MoshiSizes(64, 1, 100, 50, 32, 3, 2, 32, 1, 60).config();
        assertThat(config.delays()).isEqualTo(List.of(0, 0, 1, 0));
        assertThat(new MoshiSizes(64, 1, 100, 50, 32, 2, 1, 32, 1, 60).config().delays())
                .isEqualTo(List.of(0, 0, 0));
    }

    @Test
    void everyNominalWidthIsFoundByItsHiddenWidth() {
        for (int dim = 1; dim < 130; dim++) {
            for (int feedForward = 2; feedForward < 600; feedForward++) {
                int hidden = Math.max(1, GatedWidth.of(dim, feedForward));
                int nominal = GatedWidth.nominal(dim, hidden);
                assertThat(GatedWidth.of(dim, nominal)).isEqualTo(hidden);
                assertThat((int) (GatedWidth.scale(dim, nominal) * dim)).isEqualTo(nominal);
            }
        }
    }

    @Test
    void aHiddenWidthThatTheReferenceNeverHasIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GatedWidth.nominal(11, 29))
                .withMessageContainingAll("29", "11");
    }

    @ParameterizedTest
    @CsvSource({"48, 16, 100, num_heads", "64, 24, 100, depformer_num_heads", "64, 32, 0, n_q", "0, 32, 9, dim"})
    void sizesThatCannotBeAreRefusedByName(int dim, int depthDim, int streams, String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MoshiSizes(dim, 2, 60, 50, 32, streams, 8, depthDim, 2, 60).config())
                .withMessageContaining(key);
    }
}

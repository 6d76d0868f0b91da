package io.github.moshivis.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleasedSizesTest {
    @Test
    void theLanguageModelHasTheWidthsOfItsTensors() {
        LmConfig lm = LmConfig.MOSHIKA_VIS;
        assertThat(lm.headDim()).isEqualTo(128);
        assertThat(lm.hidden()).isEqualTo(11_264);
        assertThat(lm.gateHidden()).isEqualTo(512);
        assertThat(lm.depth().headDim()).isEqualTo(64);
        assertThat(lm.depth().hidden()).isEqualTo(2816);
        assertThat(lm.streams()).isEqualTo(17);
        assertThat(lm.userCodebooks()).isEqualTo(8);
        assertThat(lm.maxDelay()).isEqualTo(1);
        assertThat(lm.initialTextToken()).isEqualTo(32_000);
        assertThat(lm.initialAudioCode()).isEqualTo(2048);
        assertThat(lm.seesImages()).isTrue();
    }

    @Test
    void theCodecAndTheEncoderHaveTheReleasedRatesAndGrids() {
        assertThat(MimiConfig.MIMI_V0_1.stepsPerFrame()).isEqualTo(2);
        assertThat(MimiConfig.MIMI_V0_1.seanet().hop()).isEqualTo(960);
        assertThat(MimiConfig.MIMI_V0_1.transformer().headDim()).isEqualTo(64);
        assertThat(VisionConfig.SIGLIP_SO400M_448.grid()).isEqualTo(32);
        assertThat(VisionConfig.SIGLIP_SO400M_448.positions()).isEqualTo(1024);
        assertThat(VisionConfig.SIGLIP_SO400M_448.headDim()).isEqualTo(72);
        assertThat(ModelConfig.MOSHIKA_VIS.projectsImages()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4096, 16896, 11264", "1024, 4224, 2816", "64, 288, 192", "64, 256, 168", "32, 96, 64", "10, 40, 26"})
    void theGatedWidthFollowsTheReferencesRule(int dim, int feedForward, int hidden) {
        assertThat(GatedWidth.of(dim, feedForward)).isEqualTo(hidden);
        assertThat(new DepthConfig(dim, 1, 1, 8, feedForward).hidden()).isEqualTo(hidden);
    }

    @Test
    void aModelWhoseCodecHasOtherCodebooksIsRefused() {
        MimiConfig released = MimiConfig.MIMI_V0_1;
        MimiConfig smaller = new MimiConfig(
                24_000, 12.5, released.seanet(), released.transformer(), new MimiConfig.Quantizer(256, 32, 1024));
        MimiConfig fewer = new MimiConfig(
                24_000, 12.5, released.seanet(), released.transformer(), new MimiConfig.Quantizer(256, 7, 2048));
        assertThatThrownBy(() -> new ModelConfig(LmConfig.MOSHIKA_VIS, smaller, VisionConfig.SIGLIP_SO400M_448))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("audio_card", "2048", "bins = 1024");
        assertThatThrownBy(() -> new ModelConfig(LmConfig.MOSHIKA_VIS, fewer, VisionConfig.SIGLIP_SO400M_448))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("8 streams", "n_q = 7");
    }

    @Test
    void aPlainMoshiNeedsNoImageWidth() {
        DepthConfig depth = new DepthConfig(4, 1, 1, 2, 8);
        LmConfig plain =
                new LmConfig(12, 1, 1, 1, 1e4, 1, 9, 3, 5, 2, 2, List.of(0, 0, 3), depth, OptionalInt.empty(), null);
        assertThat(plain.seesImages()).isFalse();
        assertThat(plain.userCodebooks()).isZero();
        assertThat(plain.maxDelay()).isEqualTo(3);
    }
}

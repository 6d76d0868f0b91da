package io.github.moshivis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.lm.Controls;
import io.github.moshivis.lm.Sampling;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SamplingOptionsTest {
    private static final SamplingOptions ALL = SamplingOptions.defaults()
            .textTemperature(0.1)
            .textTopK(2)
            .textTopP(0.3)
            .audioTemperature(0.4)
            .audioTopK(5)
            .audioTopP(0.6)
            .repetitionPenalty(7)
            .repetitionContext(8)
            .padMultiplier(9)
            .gateInfluence(0.91);

    @Test
    void everySetterReachesItsNumberOfTheStep() {
        assertThat(ALL.controls())
                .isEqualTo(new Controls(new Sampling(0.1, 2, 0.3), new Sampling(0.4, 5, 0.6), 7, 8, 9, 0.91));
    }

    @Test
    void jsonHasEverySettingByItsWireName() {
        assertThat(ALL.toMap())
                .containsOnlyKeys(Arrays.stream(SamplingSetting.values())
                        .map(SamplingSetting::wireName)
                        .toList())
                .containsEntry("text_topk", 2L)
                .containsEntry("pad_mult", 9.0);
        assertThat(ALL.toString()).contains("text_temperature=0.1", "repetition_penalty_context=8");
    }

    @ParameterizedTest
    @EnumSource(SamplingProfile.class)
    void everyProfileIsWithinTheRanges(SamplingProfile profile) {
        SamplingOptions options = SamplingOptions.of(profile);
        for (SamplingSetting setting : SamplingSetting.values()) {
            assertThat(options.get(setting)).isEqualTo(setting.defaultOf(profile));
        }
        assertThat(options).isEqualTo(SamplingOptions.of(profile)).hasSameHashCodeAs(SamplingOptions.of(profile));
    }

    @ParameterizedTest
    @EnumSource(SamplingSetting.class)
    void everySettingIsFoundAndChangedAlone(SamplingSetting setting) {
        assertThat(SamplingSetting.named(setting.wireName())).contains(setting);
        SamplingOptions defaults = SamplingOptions.defaults();
        SamplingOptions changed = defaults.with(setting, setting.range().max());
        for (SamplingSetting other : SamplingSetting.values()) {
            assertThat(changed.get(other))
                    .isEqualTo(other == setting ? setting.range().max() : defaults.get(other));
        }
        assertThat(defaults).isEqualTo(SamplingOptions.of(SamplingProfile.PYTORCH));
    }
}

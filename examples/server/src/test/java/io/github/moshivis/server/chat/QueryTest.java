package io.github.moshivis.server.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.github.moshivis.SamplingOptions;
import io.github.moshivis.SamplingProfile;
import io.github.moshivis.SamplingSetting;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers ask for, and what they get. */
class QueryTest {
    private static final ChatOptions OPTIONS = options(Map.of(), Map.of());

    private static final ModelFeatures LOOKS = new ModelFeatures(true, Optional.empty(), ModelFeatures.NO_MODEL);

    private static ChatOptions options(Map<Setting, Double> defaults, Map<Setting, Double> forced) {
        return new ChatOptions(
                "test",
                "toy",
                ImageMode.REQUIRED,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                1,
                1,
                Optional.empty(),
                224,
                1000,
                defaults,
                forced,
                Optional.empty(),
                false,
                VoiceOptions.DEFAULT);
    }

    private static Query query(String name, String... values) {
        return Query.of(Map.of(name, List.of(values)), OPTIONS, LOOKS);
    }

    @Test
    void everySamplingSettingIsAQueryParameterWithTheWebPagesDefault() {
        Query query = Query.of(Map.of(), options(Map.of(), Map.of()), LOOKS);
        assertThat(query.sampling(SamplingOptions.defaults())).isEqualTo(SamplingOptions.of(SamplingProfile.WEB_PAGE));
        for (SamplingSetting setting : SamplingSetting.values()) {
            assertThat(Setting.named(setting.wireName()).flatMap(Setting::sampling))
                    .contains(setting);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text_temperature, 3.0, 1.2",
        "text_temperature, -1, 0",
        "text_temperature, 0.0000001, 0.001",
        "text_temperature, 1e300, 1.2",
        "text_temperature, 1e999, 1.2",
        "audio_temperature, 99, 1.2",
        "text_topk, -5, 0",
        "text_topk, 99999999999999999999, 500",
        "audio_topk, 501, 500",
        "text_topp, 2, 1",
        "audio_topp, -0.5, 0",
        "pad_mult, -10, -4",
        "repetition_penalty, 0.5, 1",
        "repetition_penalty_context, 1000, 200",
        "image_resolution, 448, 224",
        "image_resolution, 1, 14",
        "xa_start, -1, 0",
        "text_temperature_gating_influence, 1.5, 1"
    })
    void whatIsOutsideItsRangeIsMovedAndNoted(String name, String asked, double used) {
        Query query = query(name, asked);
        Setting setting = Setting.named(name).orElseThrow();
        assertThat(query.values().get(setting)).isEqualTo(used);
        assertThat(query.clamped()).containsOnly(entry(setting, Double.parseDouble(asked)));
    }

    @ParameterizedTest
    @CsvSource({
        "text_temperature, 0, 0",
        "text_temperature, .5, 0.5",
        "text_temperature, +0.5, 0.5",
        "audio_topk, 0, 0",
        "xa_start, 0, 0",
        "pad_mult, -1e-1, -0.1",
        "image_resolution, 200, 200"
    })
    void whatIsWithinItsRangeIsUsedZeroToo(String name, String asked, double used) {
        Query query = query(name, asked);
        assertThat(query.values().get(Setting.named(name).orElseThrow())).isEqualTo(used);
        assertThat(query.clamped()).isEmpty();
    }

    @Test
    void nothingAskedIsTheReferencesPage() {
        Query query = Query.of(Map.of("email", List.of("a@b.c"), "worker_auth_id", List.of("x")), OPTIONS, LOOKS);
        assertThat(query.values())
                .containsEntry(Setting.TEXT_TEMPERATURE, 0.45)
                .containsEntry(Setting.TEXT_TOPK, 25.0)
                .containsEntry(Setting.AUDIO_TEMPERATURE, 0.7)
                .containsEntry(Setting.AUDIO_TOPK, 250.0)
                .containsEntry(Setting.REPETITION_PENALTY, 1.15)
                .containsEntry(Setting.REPETITION_PENALTY_CONTEXT, 64.0)
                .containsEntry(Setting.XA_START, 16.0)
                .containsEntry(Setting.IMAGE_RESOLUTION, 224.0);
        assertThat(query.clamped()).as("nobody asked for what was moved").isEmpty();
        assertThat(query.voice()).isEqualTo(Query.OPUS);
        assertThat(query.plainText()).isFalse();
        assertThat(query.centerCrop()).isFalse();
        assertThat(query.textSeed()).isEmpty();
        assertThat(query.maxDuration()).isEmpty();
    }

    @Test
    void seedsAreAll64BitsWithoutASign() {
        assertThat(query("text_seed", "18446744073709551615").textSeed()).hasValue(-1L);
        assertThat(query("audio_seed", "42").audioSeed()).hasValue(42L);
        assertThat(query("audio_seed", "-1").audioSeed()).hasValue(0L);
    }

    @Test
    void stepsAre80Milliseconds() {
        assertThat(query("max_steps", "25").maxDuration()).hasValue(Duration.ofSeconds(2));
        assertThat(query("max_steps", "0").maxDuration()).hasValue(Duration.ofMillis(80));
        assertThat(query("max_steps", "9".repeat(40)).maxDuration()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "text_temperature, NaN, a number",
        "text_temperature, -Infinity, a number",
        "text_temperature, 1f, a number",
        "text_temperature, '1,5', a number",
        "text_temperature, 1e9999, a number",
        "text_topk, 1.0, a whole number",
        "text_seed, 0x10, a whole number",
        "center_crop, 1, one of",
        "text_format, html, one of",
        "audio_format, '\uD83D\uDE00', one of"
    })
    void whatIsNoneIsRefusedInWords(String name, String asked, String expected) {
        assertThatThrownBy(() -> query(name, asked))
                .isInstanceOf(BadQueryException.class)
                .hasMessageContainingAll(name, expected, "Correct it");
    }

    @Test
    void onceIsEnough() {
        assertThatThrownBy(() -> query("text_topk", "1", "2")).hasMessageContainingAll("text_topk", "2 times", "once");
    }

    @Test
    void defaultsGiveWayAndWhatIsForcedDoesNot() {
        ChatOptions options = options(Map.of(Setting.XA_START, 8.0), Map.of(Setting.TEXT_TOPK, 7.0));
        Query silent = Query.of(Map.of(), options, LOOKS);
        assertThat(silent.values()).containsEntry(Setting.XA_START, 8.0).containsEntry(Setting.TEXT_TOPK, 7.0);
        Query asking = Query.of(Map.of("xa_start", List.of("3"), "text_topk", List.of("50")), options, LOOKS);
        assertThat(asking.values()).containsEntry(Setting.XA_START, 3.0).containsEntry(Setting.TEXT_TOPK, 7.0);
        assertThat(asking.clamped()).containsOnly(entry(Setting.TEXT_TOPK, 50.0));
    }

    @Test
    void theModelsOwnSamplingComesBeforeThePagesAndAfterTheOperators() {
        ModelFeatures model = new ModelFeatures(
                true, Optional.empty(), SamplingOptions.defaults().textTopK(7).audioTopK(9));
        ChatOptions operators = options(Map.of(Setting.AUDIO_TOPK, 50.0), Map.of());
        Query query = Query.of(Map.of("text_temperature", List.of("0.3")), operators, model);
        assertThat(query.values().get(Setting.TEXT_TOPK)).isEqualTo(7);
        assertThat(query.values().get(Setting.AUDIO_TOPK)).isEqualTo(50);
        assertThat(query.values().get(Setting.TEXT_TEMPERATURE)).isEqualTo(0.3);
        assertThat(query.values().get(Setting.AUDIO_TEMPERATURE)).isEqualTo(0.8);
    }

    @Test
    void textHasAColorWhereThereArePictures() {
        ModelFeatures blind = new ModelFeatures(false, Optional.empty(), ModelFeatures.NO_MODEL);
        assertThat(Query.of(Map.of(), OPTIONS, LOOKS).plainText()).isFalse();
        assertThat(Query.of(Map.of(), OPTIONS, blind).plainText()).isTrue();
        assertThat(Query.of(Map.of("text_format", List.of("colored")), OPTIONS, blind)
                        .plainText())
                .isFalse();
        assertThat(query("text_format", "plain").plainText()).isTrue();
        assertThatThrownBy(() -> query("text_format", "loud")).hasMessageContaining("text_format");
    }

    @Test
    void oneSeedStandsForBothWhereNoneOfTheirOwnIsGiven() {
        Query query = Query.of(Map.of("seed", List.of("7"), "text_seed", List.of("9")), OPTIONS, LOOKS);
        assertThat(query.textSeed()).contains(9L);
        assertThat(query.audioSeed()).contains(7L);
        assertThat(query("seed", "-1").textSeed()).isEmpty();
        assertThatThrownBy(() -> query("seed", "x"))
                .isInstanceOf(BadQueryException.class)
                .hasMessageContaining("seed");
    }
}

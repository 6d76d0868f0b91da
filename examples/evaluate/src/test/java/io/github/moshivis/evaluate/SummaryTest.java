package io.github.moshivis.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static CaseResult result(String kind, String answer, double response, double level) {
        return new CaseResult(kind + answer, kind, "", "It is red.", answer, OptionalDouble.of(response), level);
    }

    @Test
    void countsAnswersByKind() {
        List<CaseResult> results = List.of(
                result("color", "It is red.", 0.4, -80),
                result("count", "It is blue.", 0.5, -44.9),
                result("color", "It is red", 0.6, -45),
                new CaseResult("d", "color", "", "It is red.", "", OptionalDouble.empty(), CaseResult.SILENCE));

        Summary all = Summary.of(results);

        assertThat(all.exact()).isEqualTo(1);
        assertThat(all.exactShare()).isEqualTo(0.25);
        assertThat(all.words()).isEqualTo(new WordErrors(1 + 3, 12));
        assertThat(all.wordErrorRate()).isEqualTo(4 / 12.0);
        assertThat(all.silent()).isEqualTo(2);
        assertThat(all.loudest()).isEqualTo(-44.9);
        assertThat(all.response()).contains(new Summary.Times(0.4, 0.5, 0.6));
        assertThat(Summary.byKind(results).keySet()).containsExactly("color", "count");
        assertThat(Summary.byKind(results).get("color").cases()).isEqualTo(3);
    }

    @Test
    void percentilesAreThoseOfTheAnswersThereAre() {
        Summary.Times times = Summary.of(IntStream.rangeClosed(0, 100)
                        .mapToObj(i -> result("k" + i, "", i / 100.0, 0))
                        .toList())
                .response()
                .orElseThrow();

        assertThat(times.low()).isCloseTo(0.05, within(1e-9));
        assertThat(times.median()).isCloseTo(0.5, within(1e-9));
        assertThat(times.high()).isCloseTo(0.95, within(1e-9));
        assertThat(Summary.of(List.of()).response()).isEmpty();
    }
}

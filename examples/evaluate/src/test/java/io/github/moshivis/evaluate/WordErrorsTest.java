package io.github.moshivis.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "I see a red heart.          | I see a red heart.                 | 0 | 5",
                "I see a red heart.          | i see, a RED heart!                | 0 | 5",
                "I see a red heart.          | I see a blue heart.                | 1 | 5",
                "I see a red heart.          | I see a heart.                     | 1 | 5",
                "I see a red heart.          | I see a red heart and a star.      | 3 | 5",
                "I see a red heart.          | a red heart I see                  | 4 | 5",
                "I see a red heart.          | ''                                 | 5 | 5",
                "It's a naïve idea, no. 7.   | its a naive idea no 7              | 2 | 6",
            })
    void countsWordsToChange(String want, String found, int errors, int words) {
        assertThat(WordErrors.between(want, found)).isEqualTo(new WordErrors(errors, words));
    }
}

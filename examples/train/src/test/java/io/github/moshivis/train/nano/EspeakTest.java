package io.github.moshivis.train.nano;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Speech by the library of espeak-ng, and where its words stand. */
class EspeakTest {
    private static final int FRAME = 1920;

    @BeforeEach
    void findSpeech() {
        Speech.assumeInstalled();
    }

    @Test
    void theSameTextGivesTheSameSoundWhateverWasSaidBefore() {
        Espeak.Speech first = Espeak.speak("I see a red heart.", Voices.MODEL);
        Espeak.speak("How many shapes are there?", new Espeak.Voice("en+m3", 170, 70));
        Espeak.Speech second = Espeak.speak("I see a red heart.", Voices.MODEL);
        assertThat(second.samples()).isEqualTo(first.samples());
        assertThat(second.starts()).isEqualTo(first.starts());
    }

    @Test
    void wordsStartInOrderWithinTheSound() {
        Espeak.Speech speech = Espeak.speak("A black heart is in the middle, I do not see it.", Voices.MODEL);
        assertThat(speech.starts()).hasSize(12).isSorted();
        assertThat(speech.starts()[0]).isLessThan(FRAME / 4);
        assertThat(Arrays.stream(speech.starts()).distinct().count())
                .as("words that are spoken as one with another have a start of their own")
                .isEqualTo(12);
        assertThat(speech.starts()[11]).isLessThan(speech.samples().length);
    }

    @Test
    void aPauseBelongsToTheWordBeforeIt() {
        int[] starts = Espeak.speak("I see a heart, a star.", Voices.MODEL).starts();
        assertThat(starts[4] - starts[3]).isGreaterThan(2 * (starts[3] - starts[2]));
    }

    @Test
    void aWordsTextStandsInTheFrameInWhichItStartsOrTheNextThatIsFree() {
        String[] words = {"A", "black", "heart,", "a", "star."};
        assertThat(Espeak.textFrames(words, 0, FRAME - 1, 5 * FRAME, 6 * FRAME, 9 * FRAME + 7))
                .containsExactly(0, 1, 5, 7, 9);
    }

    @Test
    void usersOfOneAccentHaveVoicesOfTheirOwn() {
        assertThat(Espeak.speak("Hello.", new Espeak.Voice("en+f2", 150, 50)).samples())
                .isNotEqualTo(Espeak.speak("Hello.", new Espeak.Voice("en+m3", 150, 50))
                        .samples());
    }

    @Test
    void phonemesAreLettersOfTheInternationalAlphabet() {
        assertThat(Espeak.phonemes("heart", Voices.MODEL)).isEqualTo("hɑɹt");
    }

    @Test
    void aVoiceThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Espeak.speak("Hello.", new Espeak.Voice("martian", 150, 50)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("martian");
    }
}

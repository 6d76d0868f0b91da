package io.github.moshivis.test;

// sample: user-words-test
import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.transcript.Word;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class UserWordsTest {
    @Test
    void readsTheUsersWords() {
        List<Word> words = new CopyOnWriteArrayList<>();
        try (SpeechToText stt = ToySpeechToText.load();
                MoshiVis model = ToySpeechToText.beside(stt)) {
            ScriptedSource user = ScriptedSource.script().tone(220, Duration.ofSeconds(3));
            model.session().transcribe(heard -> heard.onWord(words::add)).run(user, new CollectingSink());
        }
        assertThat(words).anyMatch(Word::isFinal);
    }
}
// end

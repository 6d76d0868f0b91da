package io.github.moshivis.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.Golden;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.load.LoadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AsrUploadTest {
    private static final Path SOUND = Golden.path("e2e/input.wav"); // 4.05 s

    @Test
    void longerSoundIsRefusedAndItsSlotIsFree() throws IOException {
        try (SpeechToText stt = SpeechToText.load(
                Golden.path("stt/model"), LoadOptions.defaults().maxConversations(1))) {
            assertThatThrownBy(() -> AsrUpload.words(stt, SOUND, Duration.ofSeconds(4)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("too long", "at most 4 s", "in parts");

            assertThat(AsrUpload.words(stt, SOUND, Duration.ofSeconds(5))).startsWith("[");
        }
    }
}

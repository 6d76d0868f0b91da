package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.moshivis.errors.MediaException;
import io.github.moshivis.io.AudioSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoundFileTest {
    private static final double SECONDS = 1.2345;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"sound.wav", "sound.opus", "SOUND.OGG"})
    void durationIsThatOfTheSoundThatIsRead(String name) throws IOException {
        Path file = directory.resolve(name);
        float[] sound = OpusSounds.voice(SECONDS);
        try (AudioSink sink = SoundFile.sink(file)) {
            sink.open();
            sink.write(sound, 0, sound.length);
        }
        assertThat(SoundFile.duration(file)).hasValueSatisfying(found -> assertThat(found)
                .isCloseTo(Duration.ofNanos((long) (SECONDS * 1e9)), Duration.ofMillis(1)));
    }

    @Test
    void opusStreamsThatFollowOneAnotherCountTogether() throws IOException {
        ByteArrayOutputStream chain = new ByteArrayOutputStream();
        chain.writeBytes(OpusSounds.encode(OpusSettings.file(), OpusSounds.voice(SECONDS)));
        chain.writeBytes(OpusSounds.encode(OpusSettings.file(), OpusSounds.voice(SECONDS)));
        Path file = Files.write(directory.resolve("chain.opus"), chain.toByteArray());
        assertThat(SoundFile.duration(file)).hasValueSatisfying(found -> assertThat(found)
                .isCloseTo(Duration.ofNanos((long) (2e9 * SECONDS)), Duration.ofMillis(1)));
    }

    @Test
    void durationOfWhatIsNoSoundIsRefused() throws IOException {
        Path wav = Files.writeString(directory.resolve("no.wav"), "no sound at all");
        Path opus = Files.writeString(directory.resolve("no.opus"), "no sound at all");
        assertThatThrownBy(() -> SoundFile.duration(wav))
                .isInstanceOf(MediaException.class)
                .hasMessageContaining("no.wav");
        assertThatThrownBy(() -> SoundFile.duration(opus))
                .isInstanceOf(MediaException.class)
                .hasMessageContaining("no.opus");
        assertThatThrownBy(() -> SoundFile.duration(directory.resolve("missing.wav")))
                .isInstanceOf(MediaException.class)
                .hasMessageContaining("missing.wav");
    }

    @Test
    void durationOfADirectoryIsNotKnown() throws IOException {
        assertThat(SoundFile.duration(directory)).isEmpty();
    }
}

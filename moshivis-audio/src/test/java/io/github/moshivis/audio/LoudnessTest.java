package io.github.moshivis.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.weights.file.SafetensorsFile;
import io.github.moshivis.weights.file.TensorFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LoudnessTest {
    private static final Path SET = Path.of(System.getProperty("golden.dir")).resolve("personaplex");

    @Test
    void aGoldenVoiceIsAsLoudAsTheReferenceMeasures() throws IOException {
        JsonNode run = new ObjectMapper().readTree(SET.resolve("run.json").toFile());
        float[] voice = Chunks.readAll(WavFile.source(SET.resolve("voices").resolve("TINY0.wav")));
        double target = run.get("target_lufs").asDouble();

        assertThat(Loudness.of(voice)).isCloseTo(run.get("voice_loudness_lufs").asDouble(), within(1e-4));

        float[] normalized = Loudness.normalized(voice, target);
        assertThat(Loudness.of(normalized)).isCloseTo(target, within(1e-4));
        try (TensorFile expected = SafetensorsFile.open(SET.resolve("expected_voice.safetensors"))) {
            FloatBuffer frame = expected.bytes("normalised_first_frame").slice().asFloatBuffer();
            for (int i = 0; i < frame.limit(); i++) {
                assertThat(normalized[i]).isCloseTo(frame.get(i), within(1e-6f));
            }
        }
    }

    @Test
    void quietBlocksAreLeftOut() {
        float[] tone = new float[24_000];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (float) Math.sin(2 * Math.PI * 997 * i / 24_000);
        }
        float[] withPause = new float[10 * tone.length];
        System.arraycopy(tone, 0, withPause, 0, tone.length);

        assertThat(Loudness.of(withPause)).isCloseTo(Loudness.of(tone), within(1.0));
    }

    @Test
    void silenceAndShortSoundsAreRefused() {
        assertThat(Loudness.of(new float[24_000])).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Loudness.normalized(new float[24_000], -24))
                .withMessageContaining("silence");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Loudness.of(new float[Loudness.MIN_SAMPLES - 1]))
                .withMessageContainingAll("9600", "found 9599");
    }
}

package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.moshivis.Golden;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.cli.Cli.Outcome;
import io.github.moshivis.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscribeCommandTest {
    private static final Path MODEL = Golden.path("stt/model");
    private static final Path SOUND = Golden.path("stt/e2e/input.wav");

    private static Transcript spoken;

    @TempDir
    Path scratch;

    @BeforeAll
    static void transcribe() {
        try (SpeechToText stt = SpeechToText.load(MODEL)) {
            spoken = stt.transcribe(SOUND);
        }
    }

    @Test
    void printsTheText() {
        Outcome outcome = Cli.run("transcribe", "--model", MODEL, SOUND);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isEqualTo(spoken.text() + System.lineSeparator());
    }

    @Test
    void writesAFileForEachSound() throws IOException {
        Path second = Files.copy(SOUND, scratch.resolve("second.take.wav"));
        Path out = scratch.resolve("out");
        Outcome outcome =
                Cli.run("transcribe", "--model", MODEL, "--format", "srt", "--out", out, "--at-once", 2, SOUND, second);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(out.resolve("input.srt")).content().isEqualTo(spoken.srt());
        assertThat(out.resolve("second.take.srt")).content().isEqualTo(spoken.srt());
    }

    @Test
    void writesAPromptFirst() {
        String prompt = Golden.json("stt/run.json").get("prompt").asText();
        Outcome outcome = Cli.run("transcribe", "--model", MODEL, "--prompt", prompt, SOUND);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).startsWith(prompt).isNotEqualTo(spoken.text() + System.lineSeparator());
    }

    @Test
    void printsJson() throws IOException {
        Outcome outcome = Cli.run("transcribe", "--model", MODEL, "--format", "json", SOUND);
        assertThat(new ObjectMapper().readTree(outcome.out()).get("text").asText())
                .isEqualTo(spoken.text());
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(Cli.run("transcribe", SOUND).err()).contains("--model", "kyutai/stt-1b-en_fr-candle");
        assertThat(Cli.run("transcribe", "--model", MODEL, scratch.resolve("none.wav"))
                        .err())
                .contains("none.wav", "Check the path");
        assertThat(Cli.run("transcribe", "--model", Cli.MODEL, SOUND).err()).contains("model of conversations");
    }
}

package io.github.moshivis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.moshivis.Reply;
import io.github.moshivis.TextPiece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document of {@code --tokens}. */
class TranscriptTest {
    private static final Reply.Times TIMES = new Reply.Times(1, 2, 3, 4, 10);

    @TempDir
    Path directory;

    @Test
    void hasOneEntryForEachFrameReturnedAndForEachFrameOfTheUser() throws IOException {
        TextPiece said = new TextPiece(0, 7, "\u2581hi", " hi", 0.013);
        Transcript transcript = new Transcript();
        transcript.reply(new Reply(0, new int[] {1, 2}, false, TIMES, Optional.empty()));
        transcript.reply(new Reply(
                1, new int[] {3, 4}, true, TIMES, Optional.of(new Reply.Output(new float[0], said, new int[] {5, 6}))));
        transcript.text(said);

        assertThat(written(transcript))
                .isEqualTo("{\"frames\":[{\"frame\":0,\"text_token\":7,\"piece\":\"\u2581hi\",\"text\":\" hi\","
                        + "\"audio_tokens\":[5,6],\"gate_weight\":0.013,\"color\":5}],"
                        + "\"codes\":[[1,2],[3,4]],\"image_used\":[0,1]}");
    }

    @Test
    void givesTheLastFrameTheTextThatWasHeldBack() throws IOException {
        TextPiece hidden = new TextPiece(0, 7, "<0xE2>", "", 0);
        Transcript transcript = new Transcript();
        transcript.reply(new Reply(
                0, new int[0], false, TIMES, Optional.of(new Reply.Output(new float[0], hidden, new int[0]))));
        transcript.text(new TextPiece(0, 7, "", "\ufffd", 0));

        assertThat(written(transcript)).contains("\"piece\":\"<0xE2>\",\"text\":\"\ufffd\"");
    }

    private String written(Transcript transcript) throws IOException {
        Path file = directory.resolve("tokens.json");
        transcript.write(file);
        return Files.readString(file);
    }
}

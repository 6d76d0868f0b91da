package io.github.moshivis.snippets;

// sample: first-talk
import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.WavFile;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.load.BundledModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

public class Talk {
    public static void main(String[] args) throws IOException {
        BundledModel nano = BundledModel.nano(); // a small model with pictures and spoken questions to try it on
        Image picture = Image.read(nano.picture("a red heart").file());
        AudioSource question =
                WavFile.source(nano.question("What do you see?").file()).thenSilence(Duration.ofSeconds(4));
        try (MoshiVis model = MoshiVis.nano()) { // or MoshiVis.load("kyutai/moshika-vis-pytorch-bf16")
            model.session(picture)
                    .greedy()
                    .onText(piece -> System.out.print(piece.text()))
                    .run(question, WavFile.sink(Path.of("answer.wav")));
        }
        System.out.println();
    }
}
// end

package io.github.moshivis.snippets;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/** Example: asks a question about a picture from a file, and writes the spoken answer to another file. */
public final class FileToFile {
    private FileToFile() {}

    /**
     * Runs one conversation to its end.
     *
     * @param model a model
     * @param picture a PNG, JPEG, WebP, GIF or BMP file
     * @param question a WAV or Ogg/Opus file
     * @param answer the file to write
     * @param out prints the words of the answer
     */
    public static void run(MoshiVis model, Path picture, Path question, Path answer, PrintStream out) {
        // sample: file-to-file
        AudioSource source = SoundFile.source(question).thenSilence(Duration.ofSeconds(4)); // time for the answer
        AudioSink sink = SoundFile.sink(answer);
        model.session(picture).onText(piece -> out.print(piece.text())).run(source, sink);
        // end
    }
}

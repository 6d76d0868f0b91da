package io.github.moshivis.snippets;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.SpeechToText;
import io.github.moshivis.TranscriptionSession;
import io.github.moshivis.TranscriptionStep;
import io.github.moshivis.io.AudioSink;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.transcript.Transcript;
import io.github.moshivis.transcript.Word;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Samples of speech to text, alone and beside a conversation. */
public final class TranscriptionSamples {
    private TranscriptionSamples() {}

    /**
     * Writes subtitles of a sound file.
     *
     * @param model a speech-to-text model
     * @param recording a sound file
     * @param subtitles the file to write
     * @throws IOException if it cannot be written
     */
    public static void subtitles(Path model, Path recording, Path subtitles) throws IOException {
        // sample: subtitles
        try (SpeechToText stt = SpeechToText.load(model)) {
            Transcript transcript = stt.transcribe(recording);
            Files.writeString(subtitles, transcript.srt()); // or webVtt(), json(), text()
        }
        // end
    }

    /**
     * Prints the words of a source as they come.
     *
     * @param stt the model
     * @param microphone the sound
     * @param out the place for the words
     */
    public static void live(SpeechToText stt, AudioSource microphone, PrintStream out) {
        // sample: live-words
        stt.transcription()
                .onWord(word -> {
                    if (word.isFinal()) {
                        out.printf("%6.2f s  %s%n", word.start(), word.text());
                    }
                })
                .onEndOfTurn(end -> out.println())
                .run(microphone);
        // end
    }

    /**
     * Steps a transcription frame by frame.
     *
     * @param stt the model
     * @param frames frames of 1920 samples
     * @param out the place for the words
     */
    public static void steps(SpeechToText stt, Iterable<float[]> frames, PrintStream out) {
        // sample: transcription-steps
        try (TranscriptionSession session = stt.transcription().open()) {
            for (float[] frame : frames) {
                TranscriptionStep step = session.step(frame); // tokens, probabilities of a pause, words
                step.words().stream().filter(Word::isFinal).forEach(word -> out.println(word.text()));
            }
            session.flush().words().forEach(word -> out.println(word.text()));
        }
        // end
    }

    /**
     * Holds a conversation and shows what both say.
     *
     * @param talking a model of conversations
     * @param listening a speech-to-text model
     * @param source the user
     * @param sink the listener
     * @param out the place for the words
     */
    public static void beside(Path talking, Path listening, AudioSource source, AudioSink sink, PrintStream out) {
        // sample: transcribed-talk
        try (SpeechToText stt = SpeechToText.load(listening);
                MoshiVis model = MoshiVis.load(talking, LoadOptions.defaults(), stt)) {
            model.session()
                    .onText(piece -> out.print(piece.text()))
                    .transcribe(user -> user.onWord(word -> out.println("user: " + word.text()))
                            .onEndOfTurn(end -> out.println("the user has finished")))
                    .run(source, sink);
        }
        // end
    }
}

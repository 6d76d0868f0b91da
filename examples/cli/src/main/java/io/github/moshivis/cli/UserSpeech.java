package io.github.moshivis.cli;

import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.load.BundledModel;
import io.github.moshivis.programs.NanoDemo;
import io.github.moshivis.programs.OptionHeading;
import io.github.moshivis.programs.Seconds;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options that choose a recording of the user: a file, or a bundled question of the nano model. */
@OptionHeading("User's voice")
final class UserSpeech {
    @ArgGroup(exclusive = true)
    private Choice choice = new Choice();

    @Option(
            names = "--tail",
            paramLabel = "SECONDS",
            description =
                    "Silence after the user's speech, for the answer and to complete the last frame. Default: 0 for a"
                            + " file, which drops an incomplete frame; long enough for the answer after a bundled question.")
    private Double tail;

    private static final class Choice {
        @Option(
                names = "--in",
                paramLabel = "FILE",
                description =
                        "The user's speech: a WAV file of any sample rate, number of channels and sample size, or Opus"
                                + " (.opus, .ogg, .oga). Default: a bundled question.")
        private Path file;

        @Option(
                names = "--question",
                paramLabel = "TEXT",
                description = "A bundled question, such as \"What do you see?\"; --list shows all of them.")
        private String question;
    }

    /** Returns the file of {@code --in}; empty for a bundled question. */
    Optional<Path> file() {
        return Optional.ofNullable(choice.file);
    }

    /** Returns whether a bundled question was named. */
    boolean isQuestionNamed() {
        return choice.question != null;
    }

    /** Returns the named bundled question, or the first one. */
    BundledModel.Question question(NanoDemo nano) {
        return choice.question == null ? nano.asked() : nano.bundle().question(choice.question);
    }

    /**
     * Opens a recording briefly, so that errors appear before a model is loaded.
     *
     * @param bundled the recording without {@code --in}
     * @param bundledTail seconds of silence after it, without {@code --tail}
     * @return the recording with its silence, not open
     */
    AudioSource source(Supplier<Path> bundled, double bundledTail) throws IOException {
        Duration silence = silence(bundledTail);
        Path file = file().orElseGet(bundled);
        if (!Files.exists(file) || Files.isRegularFile(file)) { // a pipe can be opened once only
            try (AudioSource probe = SoundFile.source(file)) {
                probe.open();
            }
        }
        AudioSource source = SoundFile.source(file);
        return silence.isZero() ? source : source.thenSilence(silence);
    }

    /**
     * Returns the duration of the recording with its silence.
     *
     * @param bundled as for {@link #source}
     * @param bundledTail as for {@link #source}
     * @return empty for a pipe
     */
    Optional<Duration> duration(Supplier<Path> bundled, double bundledTail) throws IOException {
        return SoundFile.duration(file().orElseGet(bundled)).map(sound -> sound.plus(silence(bundledTail)));
    }

    private Duration silence(double bundledTail) {
        return Seconds.notNegative("--tail", tail != null ? tail : choice.file == null ? bundledTail : 0);
    }

    /** Prints the bundled pictures and questions. */
    static void list(PrintWriter out) {
        BundledModel nano = BundledModel.nano();
        out.println("Pictures, for --picture:");
        nano.pictures().forEach(picture -> out.println("  " + picture.title()));
        out.println("Questions, for --question:");
        nano.questions().forEach(question -> out.println("  " + question.text()));
        out.flush();
    }
}

package io.github.moshivis.cli;

import io.github.moshivis.SpeechToText;
import io.github.moshivis.Transcription;
import io.github.moshivis.TranscriptionOptions;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.load.LoadOptions;
import io.github.moshivis.programs.ModelFlags;
import io.github.moshivis.transcript.Transcript;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moshivis transcribe}: transcripts of audio files, as text or subtitles. */
@Command(
        name = "transcribe",
        description = "Transcribes audio files, WAV or Opus, with a speech-to-text model.",
        sortOptions = false)
final class TranscribeCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(100);

    /** Format of a transcript. */
    enum Format {
        /** One line. */
        TEXT(transcript -> transcript.text() + System.lineSeparator(), ".txt"),
        /** SubRip subtitles. */
        SRT(Transcript::srt, ".srt"),
        /** WebVTT subtitles. */
        VTT(Transcript::webVtt, ".vtt"),
        /** Words with times. */
        JSON(transcript -> transcript.json() + System.lineSeparator(), ".json");

        private final Function<Transcript, String> content;
        private final String ending;

        Format(Function<Transcript, String> content, String ending) {
            this.content = content;
            this.ending = ending;
        }
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Audio files.")
    private List<Path> files;

    @Mixin
    private ModelFlags modelFlags;

    @Mixin
    private HubOptions hubOptions;

    @Option(
            names = "--format",
            paramLabel = "text|srt|vtt|json",
            defaultValue = "text",
            description = "Format of the transcript. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Write one transcript file per audio file to this directory, with the same name and another ending,"
                            + " instead of printing.")
    private Path out;

    @Option(
            names = "--at-once",
            paramLabel = "N",
            defaultValue = "4",
            description = "Number of files to transcribe at a time, in one batch. Default: ${DEFAULT-VALUE}.")
    private int atOnce;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Text that the model writes first, which makes the names in it more likely (experimental).")
    private String prompt;

    /** A file in progress. */
    private record Running(Path file, Transcription transcription) {}

    @Override
    public Integer call() throws IOException {
        String model = modelFlags
                .model()
                .orElseThrow(() -> new IllegalArgumentException("Cannot transcribe without a model: found no --model,"
                        + " expected a speech-to-text model. Name one, such as kyutai/stt-1b-en_fr-candle"));
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException(
                        "Cannot transcribe " + file + ": found no file there, expected sound. Check the path");
            }
        }
        if (out != null) {
            Files.createDirectories(out);
        }
        int slots = Math.max(1, Math.min(atOnce, files.size()));
        StatusLine line = StatusLine.of(spec.commandLine().getErr());
        ModelOptions.announce(line);
        try {
            TranscribeProgress progress = TranscribeProgress.of(files, line, System::nanoTime);
            Path path = hubOptions.path(model, spec);
            LoadOptions options = LoadOptions.defaults().maxConversations(slots).progress(ModelOptions.progress(line));
            try (SpeechToText stt = SpeechToText.load(path, modelFlags.apply(options))) {
                transcribe(stt.transcription().prompt(prompt), slots, progress);
            }
        } finally {
            line.clear();
        }
        return ExitCode.OK;
    }

    /** Transcribes as many files at a time as there are slots, and writes them in order. */
    private void transcribe(TranscriptionOptions options, int slots, TranscribeProgress progress) throws IOException {
        Queue<Path> left = new ArrayDeque<>(files);
        Queue<Running> running = new ArrayDeque<>();
        try {
            while (!left.isEmpty() || !running.isEmpty()) {
                while (running.size() < slots && !left.isEmpty()) {
                    Path file = left.poll();
                    running.add(new Running(file, options.start(SoundFile.source(file))));
                }
                Running first = running.element();
                running.forEach(each -> progress.advanced(each.file, each.transcription.transcript()));
                progress.show();
                if (first.transcription.await(POLL)) {
                    running.remove();
                    Transcript transcript = first.transcription.join();
                    progress.finished(first.file);
                    write(first.file, transcript);
                }
            }
        } finally {
            running.forEach(each -> each.transcription.close());
        }
    }

    private void write(Path file, Transcript transcript) throws IOException {
        String content = format.content.apply(transcript);
        if (out == null) {
            PrintWriter stdout = spec.commandLine().getOut();
            if (files.size() > 1 && format == Format.TEXT) {
                stdout.print(file.getFileName() + ": ");
            }
            stdout.print(content);
            stdout.flush();
        } else {
            String name = file.getFileName().toString();
            int dot = name.lastIndexOf('.');
            Files.writeString(out.resolve((dot > 0 ? name.substring(0, dot) : name) + format.ending), content);
        }
    }
}

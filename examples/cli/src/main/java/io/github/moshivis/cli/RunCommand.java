package io.github.moshivis.cli;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.SessionOptions;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.audio.Speaker;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.programs.Demo;
import io.github.moshivis.programs.NanoDemo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moshivis run}: a conversation from a file to a file. */
@Command(
        name = "run",
        description = {
            "Holds a conversation about a picture, from an audio file to an audio file, WAV or Opus.",
            "Without options, the bundled nano model answers a bundled question about a bundled picture in real"
                    + " time."
        },
        sortOptions = false)
final class RunCommand implements Callable<Integer> {
    private static final String RECORDING = "moshivis-talk.wav";

    @Spec
    private CommandSpec spec;

    @Option(names = "--list", description = "Print the bundled pictures and questions, and exit.")
    private boolean listed;

    @Mixin
    private ModelOptions modelOptions;

    @Mixin
    private PictureOptions pictureOptions;

    @Mixin
    private UserSpeech speech;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "moshivis-out.wav",
            description =
                    "File for the model's speech: WAV of 24 kHz, mono, 32-bit float, or Opus if the name ends in .opus,"
                            + " .ogg or .oga. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
            names = "--play",
            negatable = true,
            description = "Run in real time, play the answer if there is a speaker, and record both sides to "
                    + RECORDING
                    + " beside the answer unless --record names another file. Default: on for bundled questions;"
                    + " otherwise the conversation runs as fast as the machine allows.")
    private Boolean play;

    @Mixin
    private SamplingOptions samplingOptions;

    @Mixin
    private TalkOptions talkOptions;

    @Option(names = "--tokens", paramLabel = "FILE.json", description = "Write all tokens to a JSON file.")
    private Path tokens;

    @Override
    public Integer call() throws IOException {
        PrintWriter stdout = spec.commandLine().getOut();
        if (listed) {
            UserSpeech.list(stdout);
            return ExitCode.OK;
        }
        boolean played = play != null ? play : speech.file().isEmpty() && !isToysClip();
        if (played) {
            talkOptions.recordTo(out.resolveSibling(RECORDING));
        }
        samplingOptions.check();
        checkOutputs();
        Transcript transcript = new Transcript();
        StatusLine line = StatusLine.of(stdout);
        ModelOptions.announce(line);
        try {
            talk(played, transcript, line, stdout);
        } finally {
            line.clear();
        }
        if (tokens != null) {
            write(transcript);
        }
        return ExitCode.OK;
    }

    private void write(Transcript transcript) {
        try {
            transcript.write(tokens);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Cannot write --tokens to " + tokens.toAbsolutePath() + ": found " + e.getMessage()
                            + ", expected a file with room for them. Make room, or choose another file",
                    e);
        }
    }

    private void talk(boolean played, Transcript transcript, StatusLine line, PrintWriter stdout) throws IOException {
        Demo demo = modelOptions.flags().demo();
        NanoDemo nano = demo instanceof NanoDemo own ? own : new NanoDemo();
        Supplier<Path> bundled =
                isToysClip() ? demo::clip : () -> speech.question(nano).file();
        double tail = isToysClip() ? demo.tailSeconds() : nano.tailSeconds();
        AudioSource question = speech.source(bundled, tail);
        Optional<Duration> duration = speech.duration(bundled, tail).map(talkOptions::limit);
        Optional<Image> picture = pictureOptions.read(demo);
        Path modelPath = modelOptions.path(demo, spec);
        try (MoshiVis model = modelOptions.load(modelPath, pictureOptions, line)) {
            SessionOptions talk =
                    talkOptions.apply(pictureOptions.apply(samplingOptions.apply(model.session()), picture));
            if (played) {
                line.clear();
                DemoScreen screen = new DemoScreen(stdout, line.isVisible());
                screen.describe(modelOptions.flags().shownName(), pictureOptions.describe(demo), asked(nano));
                play(talk, question, transcript, screen);
            } else {
                convert(talk, question, transcript, new TalkProgress(stdout, line, System::nanoTime, duration));
            }
        }
    }

    /** Runs in real time. */
    private void play(SessionOptions talk, AudioSource question, Transcript transcript, DemoScreen screen) {
        AudibleSink sink = new AudibleSink(SoundFile.sink(out), Speaker.standard());
        try (Conversation conversation = talk.onReply(transcript::reply)
                .onText(piece -> {
                    transcript.text(piece);
                    screen.text(piece);
                })
                .start(new RealTimeSource(question), sink)) {
            screen.start();
            conversation.join();
        }
        screen.finish(out, talkOptions.recording(), sink.isAudible());
    }

    /** Runs as fast as the machine allows. */
    private void convert(SessionOptions talk, AudioSource question, Transcript transcript, TalkProgress progress) {
        talk.onReply(reply -> {
                    transcript.reply(reply);
                    progress.reply(reply);
                })
                .onText(piece -> {
                    transcript.text(piece);
                    progress.text(piece);
                })
                .run(question, SoundFile.sink(out));
        progress.finish("Wrote " + out.toAbsolutePath());
    }

    private boolean isToysClip() {
        return modelOptions.flags().isToy() && speech.file().isEmpty() && !speech.isQuestionNamed();
    }

    private String asked(NanoDemo nano) {
        if (isToysClip()) {
            return "the toy's clip";
        }
        return speech.file().map(file -> file.getFileName().toString()).orElseGet(() -> speech.question(nano)
                .text());
    }

    private void checkOutputs() {
        List<Path> others = new ArrayList<>();
        speech.file().ifPresent(others::add);
        pictureOptions.file().ifPresent(others::add);
        others.addAll(modelOptions.files());
        OutputFiles.check("--out", out, others);
        talkOptions.check(Stream.concat(others.stream(), Stream.of(out)).toList());
        if (tokens != null) {
            others.add(out);
            OutputFiles.check("--tokens", tokens, others);
        }
    }
}

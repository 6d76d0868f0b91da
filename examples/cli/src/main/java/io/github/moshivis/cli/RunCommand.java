package io.github.moshivis.cli;

import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.SoundFile;
import io.github.moshivis.io.AudioSource;
import io.github.moshivis.io.Image;
import io.github.moshivis.programs.Demo;
import io.github.moshivis.programs.Seconds;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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
        description = "Holds a conversation about a picture, from a sound file to a sound file, WAV or Opus.",
        sortOptions = false)
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions modelOptions;

    @Mixin
    private PictureOptions pictureOptions;

    @Option(
            names = "--in",
            paramLabel = "FILE",
            description =
                    "What the user says: a WAV file of any sample rate, number of channels and size of samples, or"
                            + " Opus (.opus, .ogg). Default: a bundled clip.")
    private Path in;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "moshivis-out.wav",
            description = "What the model says: WAV of 24 kHz, mono, 32-bit float, or Opus by the name's ending"
                    + " (.opus, .ogg). Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
            names = "--tail",
            paramLabel = "SECONDS",
            description =
                    "Silence after what the user says, which gives the model time to answer and completes the last frame."
                            + " Default: 0, which drops an incomplete frame; 4 for the bundled clip.")
    private Double tail;

    @Mixin
    private SamplingOptions samplingOptions;

    @Mixin
    private TalkOptions talkOptions;

    @Option(names = "--tokens", paramLabel = "FILE.json", description = "Write all tokens to a JSON document.")
    private Path tokens;

    @Override
    public Integer call() throws IOException {
        samplingOptions.check();
        checkOutputs();
        Demo demo = new Demo();
        AudioSource question = question(demo);
        Optional<Image> picture = pictureOptions.read(demo);
        Transcript transcript = new Transcript();
        Path modelPath = modelOptions.path(demo, spec);
        PrintWriter stdout = spec.commandLine().getOut();
        StatusLine line = StatusLine.of(stdout);
        line.update("Loading the model ...", "");
        try (MoshiVis model = MoshiVis.load(modelPath, pictureOptions.apply(modelOptions.loadOptions()))) {
            TalkProgress progress = new TalkProgress(stdout, line, System::nanoTime);
            talkOptions
                    .apply(pictureOptions.apply(samplingOptions.apply(model.session()), picture))
                    .onReply(reply -> {
                        transcript.reply(reply);
                        progress.reply(reply);
                    })
                    .onText(piece -> {
                        transcript.text(piece);
                        progress.text(piece);
                    })
                    .run(question, SoundFile.sink(out));
            progress.finish("Wrote " + out.toAbsolutePath());
        } finally {
            line.clear();
        }
        if (tokens != null) {
            transcript.write(tokens);
        }
        return ExitCode.OK;
    }

    private void checkOutputs() {
        List<Path> others = new ArrayList<>();
        Optional.ofNullable(in).ifPresent(others::add);
        pictureOptions.file().ifPresent(others::add);
        OutputFiles.check("--out", out, others);
        talkOptions.check(Stream.concat(others.stream(), Stream.of(out)).toList());
        if (tokens != null) {
            others.add(out);
            OutputFiles.check("--tokens", tokens, others);
        }
    }

    private AudioSource question(Demo demo) throws IOException {
        double seconds = tail != null ? tail : in == null ? Demo.TAIL_SECONDS : 0;
        Duration silence = Seconds.notNegative("--tail", seconds);
        Path file = in == null ? demo.clip() : in;
        if (!Files.exists(file) || Files.isRegularFile(file)) {
            // What cannot be read shall be known before a model is loaded. A pipe can be opened once only.
            try (AudioSource probe = SoundFile.source(file)) {
                probe.open();
            }
        }
        AudioSource source = SoundFile.source(file);
        return silence.isZero() ? source : source.thenSilence(silence);
    }
}

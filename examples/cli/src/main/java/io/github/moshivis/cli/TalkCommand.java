package io.github.moshivis.cli;

import io.github.moshivis.Conversation;
import io.github.moshivis.MoshiVis;
import io.github.moshivis.audio.JitterBuffer;
import io.github.moshivis.audio.LevelMeter;
import io.github.moshivis.audio.Speaker;
import io.github.moshivis.io.Image;
import io.github.moshivis.programs.Demo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code moshivis talk}: a conversation through microphone and speaker. */
@Command(
        name = "talk",
        description = "Holds a conversation about a picture, through microphone and speaker, until Ctrl-C."
                + " Use headphones: there is no echo cancellation, and a model that hears itself answers itself.",
        sortOptions = false)
final class TalkCommand implements Callable<Integer> {
    private static final double SECONDS_PER_MILLI = 1e-3;
    private static final int BAR_CELLS = 8;

    /** Lowest level shown; speech is about 30 dB above it. */
    private static final double FLOOR_DECIBELS = -60;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions modelOptions;

    @Mixin
    private PictureOptions pictureOptions;

    @Mixin
    private DeviceOptions deviceOptions;

    @Mixin
    private SamplingOptions samplingOptions;

    @Mixin
    private TalkOptions talkOptions;

    @Override
    public Integer call() throws IOException {
        PrintWriter stdout = spec.commandLine().getOut();
        if (deviceOptions.list(stdout)) {
            return ExitCode.OK;
        }
        samplingOptions.check();
        talkOptions.check(pictureOptions.file().stream().toList());
        deviceOptions.check();
        StatusLine line = StatusLine.of(stdout);
        ModelOptions.announce(line);
        try {
            Demo demo = modelOptions.flags().demo();
            Optional<Image> picture = pictureOptions.read(demo);
            Path modelPath = modelOptions.path(demo, spec);
            try (MoshiVis model = modelOptions.load(modelPath, pictureOptions, line)) {
                talk(model, picture, line, stdout);
            }
        } finally {
            line.clear();
        }
        return ExitCode.OK;
    }

    private void talk(MoshiVis model, Optional<Image> picture, StatusLine line, PrintWriter stdout) {
        LevelMeter you = new LevelMeter();
        LevelMeter moshi = new LevelMeter();
        TalkProgress progress = new TalkProgress(
                stdout, line, System::nanoTime, () -> "you " + bar(you.level()) + " model " + bar(moshi.level()));
        Speaker played = deviceOptions.speaker();
        try (Conversation talk = talkOptions
                .apply(pictureOptions.apply(samplingOptions.apply(model.session()), picture))
                .onReply(progress::reply)
                .onText(progress::text)
                .start(you.source(deviceOptions.microphone()), moshi.sink(played))) {
            talk.join();
            JitterBuffer.Statistics statistics = played.statistics();
            progress.finish(String.format(
                    Locale.ROOT,
                    "The conversation has ended: %d frames skipped, %.1f s of gaps and %.1f s dropped in playback",
                    talk.skippedFrames(),
                    statistics.missed().toMillis() * SECONDS_PER_MILLI,
                    statistics.dropped().toMillis() * SECONDS_PER_MILLI));
        }
    }

    /** Returns a level as a bar of characters: full at full scale; an exclamation mark means clipping. */
    static String bar(LevelMeter.Level level) {
        double share = 1 - Math.max(FLOOR_DECIBELS, Math.min(0, level.rms())) / FLOOR_DECIBELS;
        int filled = (int) Math.round(BAR_CELLS * share);
        return "[" + "#".repeat(filled) + " ".repeat(BAR_CELLS - filled) + (level.peak() >= 0 ? "!" : "]");
    }
}

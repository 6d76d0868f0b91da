package io.github.moshivis.server;

import io.github.moshivis.programs.OptionHeading;
import io.github.moshivis.programs.Seconds;
import io.github.moshivis.server.chat.ChatOptions;
import io.github.moshivis.server.chat.ChatOptions.ImageMode;
import io.github.moshivis.server.chat.VoiceOptions;
import io.github.moshivis.server.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Flags of conversations and the queue. */
@OptionHeading("Conversations and their queue")
final class TalkFlags {
    private static final int MEGABYTE = 1 << 20;

    @Option(
            names = "--image",
            paramLabel = "required|optional|none",
            defaultValue = "required",
            description =
                    "Whether callers send a picture; with optional, a caller that sends none in time talks without one."
                            + " Default: required.")
    private ImageMode image;

    @Option(
            names = "--image-wait",
            paramLabel = "SECONDS",
            description = "Maximum time to wait for a picture. Default: 30; 3 with --image optional.")
    private Double imageWait;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Maximum time without audio from a caller. Default: 30.")
    private double idle;

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "100",
            description = "Maximum number of waiting callers. Default: 100.")
    private int queue;

    @Option(
            names = "--max-duration",
            paramLabel = "SECONDS",
            description = "Maximum length of a conversation, in the user's audio. Default: no limit.")
    private Double maxDuration;

    @Option(
            names = "--max-image-mb",
            paramLabel = "N",
            defaultValue = "15",
            description = "Maximum size of a picture file in megabytes. Default: 15.")
    private int maxImageMegabytes;

    @Option(
            names = "--record",
            paramLabel = "DIR",
            description =
                    "Record all conversations: audio of both sides, text, tokens, ratings. Get your callers' consent.")
    private Path record;

    @Option(names = "--log-transcripts", description = "Write the model's text to the log. Get your callers' consent.")
    private boolean logTranscripts;

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            defaultValue = "moshivis",
            description = "The server's name in metadata and file names. Default: moshivis.")
    private String instance;

    @Option(
            names = "--voices",
            paramLabel = "NAME|FILE",
            split = ",",
            description =
                    "Voices that callers of a PersonaPlex model may choose, separated by commas: released voices, .pt"
                            + " files, or recordings; files are offered by name without directory and ending. Default: all"
                            + " released voices.")
    private List<String> voices = List.of();

    @Option(
            names = "--voice",
            paramLabel = "NAME|FILE",
            description = "Default voice of callers. Default: none, so that the model chooses.")
    private String voice;

    @Option(names = "--role", paramLabel = "TEXT", description = "Default role of callers. Default: none.")
    private String role;

    ChatOptions options(ServedModel model, ConfigFile settings) {
        if (queue < 0 || maxImageMegabytes < 1 || maxImageMegabytes > 1000) {
            throw new IllegalArgumentException("--queue and --max-image-mb: found " + queue + " and "
                    + maxImageMegabytes + ", expected at least 0, and 1 to 1000. Correct them");
        }
        if (!instance.matches("[\\w.-]{1,64}")) {
            throw new IllegalArgumentException("--instance is part of file names: found '" + instance
                    + "', expected at most 64 letters, digits, '.', '-' and '_'. Choose another");
        }
        double wait = imageWait != null ? imageWait : image == ImageMode.OPTIONAL ? 3 : 30;
        return new ChatOptions(
                instance,
                model.shownName(),
                image,
                Seconds.positive("--image-wait", wait),
                Seconds.positive("--idle", idle),
                model.slots(),
                queue,
                Optional.ofNullable(maxDuration).map(longest -> Seconds.positive("--max-duration", longest)),
                model.maxImageSize(),
                maxImageMegabytes * MEGABYTE,
                settings.defaults(),
                settings.forced(),
                Optional.ofNullable(record).map(TalkFlags::directory),
                logTranscripts,
                new VoiceOptions(List.copyOf(voices), Optional.ofNullable(voice), Optional.ofNullable(role)));
    }

    private static Path directory(Path path) {
        try {
            Path directory = Files.createDirectories(path);
            Files.delete(Files.createTempFile(directory, "check", ".tmp")); // fails where nobody can write
            return directory;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot record to " + path.toAbsolutePath() + ": found " + e
                            + ", expected a directory that can be written to. Correct --record",
                    e);
        }
    }
}

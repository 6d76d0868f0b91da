package io.github.moshivis.cli;

import io.github.moshivis.errors.HubException;
import io.github.moshivis.hub.Hub;
import io.github.moshivis.hub.HubSettings;
import io.github.moshivis.hub.ModelFormat;
import io.github.moshivis.hub.ModelName;
import io.github.moshivis.hub.Snapshot;
import io.github.moshivis.programs.OptionHeading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * Options for downloads from the hub, shared by commands. There is no option for the token itself, because other users of a machine can
 * read command lines.
 */
@OptionHeading("Models of the hub")
final class HubOptions {
    private static final int MAX_TOKEN_BYTES = 1 << 16;

    @Option(
            names = "--revision",
            paramLabel = "REV",
            description = "The branch, tag or commit of a model on the hub, as in OWNER/NAME@REV. Default: main.")
    private String revision;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with the hub's access token. Default: HF_TOKEN, or the token stored by the hub's own tools.")
    private Path tokenFile;

    /**
     * Locates a model by its path or its name on the hub, and downloads it in the latter case.
     *
     * @param model what the user wrote
     * @param command the command that asks
     * @return a directory or a file, as {@link io.github.moshivis.MoshiVis#load(Path)} takes it
     * @throws IllegalArgumentException if it is neither on the disk nor a name on the hub
     */
    Path path(String model, CommandSpec command) {
        Optional<Path> onDisk = onDisk(model);
        if (onDisk.isPresent()) {
            return onDisk.get();
        }
        if (!ModelName.isModelName(model)) {
            throw new IllegalArgumentException("Cannot find the model " + TerminalWriter.line(model)
                    + ": found nothing there, expected a file, a directory, or a name on the hub of the form"
                    + " OWNER/NAME or OWNER/NAME@REV. Check the path");
        }
        try {
            return fetch(model, Optional.empty(), command).weights();
        } catch (HubException e) {
            throw new HubException(
                    e.getMessage() + ". If " + model + " is meant as a path: there is none in "
                            + Path.of("").toAbsolutePath(),
                    e);
        }
    }

    /** Returns the path of a model that is no name on the hub. */
    static Optional<Path> onDisk(String name) {
        try {
            return Optional.of(Path.of(name)).filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /**
     * Downloads missing files of a model, with progress.
     *
     * @param model {@code OWNER/NAME} or {@code OWNER/NAME@REV}
     * @param format form of the weights; empty for the best available
     * @param command the command that asks; progress is shown on its standard error
     */
    Snapshot fetch(String model, Optional<ModelFormat> format, CommandSpec command) {
        ModelName name = ModelName.parse(model, Optional.ofNullable(revision));
        HubSettings settings = HubSettings.fromEnvironment(Main.environment(command));
        settings = tokenFile == null ? settings : settings.token(token());
        try (Hub hub = Hub.open(settings);
                LoadProgress progress =
                        new LoadProgress(StatusLine.of(command.commandLine().getErr()))) {
            return hub.download(name, format, progress);
        }
    }

    private String token() {
        try (InputStream in = Files.newInputStream(tokenFile)) {
            byte[] bytes = in.readNBytes(MAX_TOKEN_BYTES + 1);
            if (bytes.length > MAX_TOKEN_BYTES) {
                throw new IOException("more than " + MAX_TOKEN_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Cannot read --token-file " + tokenFile.toAbsolutePath() + ": found " + e
                            + ", expected a readable file with one token. Check the path and its permissions",
                    e);
        }
    }
}
